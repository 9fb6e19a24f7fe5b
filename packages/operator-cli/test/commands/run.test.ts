import { describe, expect, it } from 'vitest';
import { startLamps } from '../support/lamp-server.ts';
import { useHouse } from '../support/house.ts';

const house = useHouse();

describe('operator run', () => {
  it('ends with 0 only when the effect is proven, and says so on stdout', async () => {
    const { exitCode, stdout, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
      '--yes',
    ]);
    expect(stdout).toMatch(/^Done and proven: Lamp 1 is on\. \(.+\)\n$/u);
    expect(stderr).toContain('house 7462183643873562342, version 3.1');
    expect(stderr).toContain('Accepted is not done.');
    expect(exitCode).toBe(0);
    expect(house.lamps.lamps[0]?.on).toBe(true);
  });

  it('without a terminal and --yes sends nothing and ends with 6', async () => {
    const { exitCode, stdout, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
    ]);
    expect(exitCode).toBe(6);
    expect(stdout).toBe('');
    expect(stderr).toContain('What will be sent, byte for byte');
    expect(stderr).toContain('CONFIRMATION_MISSING');
    expect(stderr).toContain('operator run switch_lamp --lamp-id 1 --yes');
    expect(house.sent()).toEqual([]);
  });

  it.each([
    ['yes\n', 0],
    ['Y\n', 0],
    ['no\n', 6],
    ['\n', 6],
    ['yes please\n', 6],
    ['', 6],
  ])('ends after the answer %j on a terminal with %i', async (stdin, wanted) => {
    const { exitCode, stderr } = await house.operator(['run', 'switch_lamp', '--lamp-id', '1'], {
      stdin,
      isTTY: true,
      columns: 80,
    });
    expect(stderr).toContain('Send this to house 7462183643873562342, version 3.1?');
    expect(exitCode).toBe(wanted);
    expect(house.sent()).toEqual(wanted === 0 ? ['/lamps/1'] : []);
  });

  it('does not ask when parameters came by stdin, because the answer could not', async () => {
    const { exitCode } = await house.operator(['run', 'switch_lamp', '--params', '-'], {
      stdin: '{"lamp_id":1}',
      isTTY: true,
    });
    expect(exitCode).toBe(6);
    expect(house.sent()).toEqual([]);
  });

  it('does nothing when it is so already', async () => {
    const { exitCode, stdout } = await house.operator(['run', 'switch_lamp', '--lamp-id', '2']);
    expect(stdout).toBe('Nothing to do: Lamp 2 is on already.\n  on  yes\n');
    expect(exitCode).toBe(0);
  });

  it('shows a refusal with code, facts and remedy and ends with 5', async () => {
    const { exitCode, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '9',
      '--yes',
    ]);
    expect(exitCode).toBe(5);
    expect(stderr).toBe(
      [
        'Refused: LAMP_UNKNOWN',
        '  There is no lamp 9.',
        '',
        '  lampId  9',
        '  lamps   1, 2, 3',
        '',
        '  What to do: See `operator observe lamps`.',
        '',
      ].join('\n'),
    );
  });

  it('ends with 6 where the action itself needs approval, and does not even ask', async () => {
    const { exitCode, stderr } = await house.operator(
      ['run', 'burn_down', '--lamp-id', '1', '--yes'],
      {
        isTTY: true,
        stdin: 'yes\n',
      },
    );
    expect(exitCode).toBe(6);
    expect(stderr).not.toContain('Send this to');
    expect(house.sent()).toEqual([]);
  });

  it('ends with 8 when the system says no, and keeps its words without its control characters', async () => {
    house.lamps.mood = 'refusing';
    const { exitCode, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
      '--yes',
    ]);
    expect(exitCode).toBe(8);
    expect(stderr).toContain('[lamps:fuse]the fuse is out\\u001b[31m');
    expect(stderr).not.toContain('\u001B');
  });

  it('ends with 9 when the effect does not come in time, and prints the command that goes on', async () => {
    house.lamps.mood = 'stuck';
    const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--deadline-ms', '300', '--yes'];
    const { exitCode, stdout, stderr } = await house.operator(argv);
    expect(exitCode).toBe(9);
    expect(stdout).toBe('');
    expect(stderr).toContain('Not proven: NOT_VERIFIED');
    expect(stderr).toContain('To continue: operator runs recover');
  });

  it('ends with 7 when the system changed before the confirmation', async () => {
    const asked = house.operator(['run', 'switch_lamp', '--lamp-id', '1', '--no-color'], {
      isTTY: true,
      stdin: 'yes\n',
      onStderr: (text) => {
        const lamp = house.lamps.lamps[0];
        if (text.includes('Send this to') && lamp !== undefined) {
          lamp.on = true;
          lamp.wanted = true;
        }
      },
    });
    const { exitCode, stderr } = await asked;
    expect(exitCode).toBe(7);
    expect(stderr).toContain('Not sent: PLAN_STALE');
    expect(house.sent()).toEqual([]);
  });

  it('reads the system again after a question, however quick the answer', async () => {
    const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--output', 'ndjson'];
    const { stdout } = await house.operator(argv, { isTTY: true, stdin: 'yes\n' });
    expect(stdout).toContain('"kind":"rechecked","reading":"again"');
  });

  // A busy machine may take longer than the second in which the reading of a plan counts.
  it('sends a plan that --yes confirms by its own reading', { retry: 5 }, async () => {
    const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--output', 'ndjson', '--yes'];
    const { stdout } = await house.operator(argv);
    expect(stdout).toContain('"kind":"rechecked","reading":"of_the_plan"');
  });

  it('ends with 10 when the system does not answer', async () => {
    await house.lamps.stop();
    const { exitCode, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
      '--yes',
    ]);
    expect(exitCode).toBe(10);
    expect(stderr).toContain('HOUSE_UNREACHABLE');
    house.lamps = await startLamps();
  });

  it('resolves a lost answer by reading', async () => {
    house.lamps.mood = 'deaf';
    const { exitCode, stdout, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
      '--yes',
    ]);
    expect(stderr).toContain('It is unknown if the system accepted it');
    expect(stdout).toMatch(
      /Done and proven: No usable answer came \(.+\), but the effect is there/u,
    );
    expect(exitCode).toBe(0);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('with --no-wait ends as soon as it is accepted, and calls it no more than that', async () => {
    house.lamps.mood = 'stuck';
    const { exitCode, stdout, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
      '--yes',
      '--no-wait',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Accepted, not proven: /u);
    expect(stderr).toMatch(/^To continue: operator runs watch \w{16}$/mu);
  });

  it('rewrites one line on a terminal and adds few lines elsewhere', async () => {
    house.lamps.looksUntilDone = 6;
    const argv = ['run', 'switch_lamp', '--lamp-id', '1', '--yes', '--no-color'];
    const onTerminal = await house.operator(argv, { isTTY: true, columns: 60 });
    expect(onTerminal.stderr).toContain('\r\u001B[2K  Watching: Lamp 1 is off.');
    const line = onTerminal.stderr.split('\r\u001B[2K').find((text) => text.includes('Watching'));
    expect(line?.length).toBeLessThan(60);
    for (const lamp of house.lamps.lamps) Object.assign(lamp, { on: false, wanted: false });
    // Another lamp: the first one rests for a while, as the usual limits want it.
    const elsewhere = await house.operator(argv.with(3, '3'));
    expect(elsewhere.stderr).not.toContain('\r');
    expect(elsewhere.stderr.match(/Watching: Lamp 3 is off/gu)).toHaveLength(1);
  });

  it('prints every request and answer with --trace, on stderr', async () => {
    const { stdout, stderr } = await house.operator([
      'run',
      'switch_lamp',
      '--lamp-id',
      '1',
      '--yes',
      '--trace',
    ]);
    expect(stderr).toContain(`> POST ${house.lamps.url}/lamps/1\n>   {"on":true}\n`);
    expect(stderr).toContain('<   "The switch is being thrown."');
    expect(stdout).not.toContain('POST');
  });

  it('interrupted while watching: 130, the state of the system, and the command that goes on', async () => {
    house.lamps.mood = 'stuck';
    const controller = new AbortController();
    const { exitCode, stderr } = await house.operator(
      ['run', 'switch_lamp', '--lamp-id', '1', '--yes'],
      {
        signal: controller.signal,
        onStderr: (text) => {
          if (text.includes('Watching')) controller.abort();
        },
      },
    );
    expect(exitCode).toBe(130);
    expect(stderr).toContain(
      'Interrupted. The system accepted it, but the effect had not been seen yet',
    );
    expect(stderr).toMatch(/^To continue: operator runs watch \w{16}$/mu);
  });

  it('interrupted at the question: 130, and nothing was sent', async () => {
    const controller = new AbortController();
    const { exitCode, stderr } = await house.operator(['run', 'switch_lamp', '--lamp-id', '1'], {
      isTTY: true,
      // A terminal without an answer.
      stdin: null,
      signal: controller.signal,
      onStderr: (text) => {
        if (text.includes('Send this to')) controller.abort();
      },
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain('Nothing was sent.');
    expect(house.sent()).toEqual([]);
  });
});
