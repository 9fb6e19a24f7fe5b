import { describe, expect, it } from 'vitest';
import { useHouse } from '../support/house.ts';

const house = useHouse();

async function problems(...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await house.operator(argv);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toContain('    at ');
  expect(house.lamps.requests).toEqual([]);
  return stderr;
}

describe('parameters on the command line', () => {
  it.each(['1e3', '2.5', '-1', '9007199254740993', 'NaN', '', '0x2', ' 2', 'Infinity', '100'])(
    'refuses %j for an integer between 1 and 99, before anything is asked of the system',
    async (text) => {
      expect(await problems('plan', 'switch_lamp', `--lamp-id=${text}`)).toContain(
        '--lamp-id must',
      );
    },
  );

  it.each([['"1"'], ['1.5'], ['-1'], ['null'], ['[1]'], ['{"a":1}'], ['true']])(
    'refuses %s as JSON, and coerces nothing',
    async (value) => {
      const told = await problems('plan', 'switch_lamp', '--params', `{"lamp_id":${value}}`);
      expect(told).toContain('lamp_id');
    },
  );

  it.each([
    '{',
    '[]',
    '1',
    'null',
    '"a"',
    '',
    '{"lamp_id":NaN}',
    '{"lamp_id":1,}',
    '{"lamp_id":9007199254740993}',
  ])('refuses %j, which is no JSON object or none that can be kept exactly', async (text) => {
    expect(await problems('plan', 'switch_lamp', `--params=${text}`)).toContain('--params');
  });

  it('refuses a key that an object of the JSON has twice, and nothing else for it', async () => {
    for (const text of [
      '{"lamp_id":1,"lamp_id":2}',
      '{"lamp_id":1,"l\\u0061mp_id":2}',
      '{"lamp_id":1,"tags":[{"a":"lamp_id"},{"b":{"a":1,"a":1}}]}',
    ]) {
      expect(await problems('plan', 'switch_lamp', '--params', text)).toContain(
        'is a duplicate key',
      );
    }
    const fine = '{"lamp_id":1,"tags":["lamp_id","lamp_id","\\"lamp_id\\":","{\\"a\\":"]}';
    expect((await house.operator(['plan', 'switch_lamp', '--params', fine])).exitCode).toBe(0);
  });

  it.each(['{', '[]', '{"lamp_id":9007199254740993}'])(
    'does not report a parameter as missing when --params cannot be read: %s',
    async (text) => {
      expect(await problems('plan', 'switch_lamp', '--params', text)).not.toContain('is missing');
    },
  );

  it.each(['--config', '--subject'])('does not take an empty text for %s', async (flag) => {
    expect(await problems('actions', flag, '')).toContain(`${flag} must not be empty.`);
  });

  it('takes the same from flags, from JSON, from stdin, and from both together', async () => {
    const plans = await Promise.all([
      house.operator(['plan', 'switch_lamp', '--lamp-id', '1', '--tags', 'a', '--tags', 'b']),
      house.operator(['plan', 'switch_lamp', '--params', '{"lamp_id":1,"tags":["a","b"]}']),
      house.operator(['plan', 'switch_lamp', '--params', '-'], {
        stdin: '{"tags":["a","b"],"lamp_id":1}\n',
      }),
      house.operator(['plan', '--tags', '["a","b"]', 'switch_lamp', '--params={"lamp_id":1}']),
    ]);
    expect(plans.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    const actions = plans.map(({ stdout }) => /Action .*/u.exec(stdout)?.[0]);
    expect(new Set(actions).size).toBe(1);
    expect(actions[0]).toContain('lamp_id=1 on=true deadline_ms=5000 tags=["a","b"]');
  });

  it('turns a switch off', async () => {
    const { stdout } = await house.operator(['plan', 'switch_lamp', '--lamp-id', '2', '--no-on']);
    expect(stdout).toContain('on=false');
  });

  it('does not choose when a parameter is given twice', async () => {
    expect(
      await problems('plan', 'switch_lamp', '--lamp-id', '1', '--params', '{"lamp_id":1}'),
    ).toContain('lamp_id is given twice: as --lamp-id and in --params.');
    expect(await problems('plan', 'switch_lamp', '--lamp-id', '1', '--lamp-id', '2')).toContain(
      '--lamp-id is given more than once.',
    );
  });

  it('names all problems at once', async () => {
    const told = await problems(
      'run',
      'switch_lamp',
      'extra',
      '--onn',
      '--deadline-ms',
      'soon',
      '--output',
      'xml',
    );
    expect(told).toContain('There is no flag --onn; did you mean --on?');
    expect(told).toContain('There is an argument too many: "extra".');
    expect(told).toContain('--output must be one of text, json, ndjson, not "xml".');
    expect(told).toContain('--deadline-ms must be a whole number in digits, not "soon".');
    expect(told).toContain('--lamp-id is missing: Which lamp.');
    expect(told).toContain('operator run switch_lamp --help');
  });

  it('leaves to the schema what only the schema knows', async () => {
    const told = await problems('plan', 'switch_lamp', '--params', '{"lamp_id":"1","colour":3}');
    expect(told).toContain('PARAMETERS_INVALID');
    expect(told).toContain('lamp_id');
    expect(told).toContain('colour');
  });

  it('does not read more than a megabyte from stdin', async () => {
    const huge = `{"lamp_id":1,"tags":["${'x'.repeat(10 * 1024 * 1024)}"]}`;
    const { exitCode, stderr } = await house.operator(['plan', 'switch_lamp', '--params', '-'], {
      stdin: huge,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is longer than 1048576 bytes');
    expect(stderr.length).toBeLessThan(1000);
  });

  it('refuses stdin that is not UTF-8', async () => {
    const { exitCode, stderr } = await house.operator(['plan', 'switch_lamp', '--params', '-'], {
      stdin: Uint8Array.from([0x7b, 0xff, 0x7d]),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not UTF-8 text');
  });

  it('does not let JSON reach into prototypes', async () => {
    const told = await problems('plan', 'switch_lamp', '--params', '{"__proto__":{"lamp_id":1}}');
    expect(told).toContain('lamp_id');
  });
});

describe('names that do not exist', () => {
  it.each([
    [['rum', 'x'], 'There is no command "rum"; did you mean run'],
    [['run', 'swich_lamp'], 'switch_lamp'],
    [['observe', 'lams'], 'lamps'],
    [['verify', 'switch-lamp'], 'switch_lamp'],
    [['actions', 'switch'], 'switch_lamp'],
    [['actions', '--subjct', 'home'], '--subject'],
    [['actions', '--subject', 'hom'], 'home'],
  ])('%j is answered with the nearest ones', async (argv, hint) => {
    expect(await problems(...argv)).toContain(hint);
  });

  it('says which name is missing', async () => {
    expect(await problems('run')).toContain('Name the action: `operator actions` lists them.');
    expect(await problems('observe')).toContain('Name the observation');
    expect(await problems()).toContain('Name a command: init, doctor');
  });
});
