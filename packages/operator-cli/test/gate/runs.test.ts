import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';
import { usePolicy } from '../support/policy.ts';

const house = useHouse();
const switchLamp = (lamp: string, ...more: string[]): string[] =>
  ['switch_lamp', '--lamp-id', lamp].concat(more);

describe('operator runs', () => {
  it('lists what was run, newest first, and filters', async () => {
    await house.operator(['mode', 'set', 'autonomous', '--reason', 'a ledger is there']);
    expect((await house.operator(['runs'])).stdout).toBe('none\n');
    const first = await runId(house, switchLamp('1'));
    const second = await runId(house, ['hold_lamp', '--lamp-id', '2'], 'ben');
    const ids = async (...argv: string[]): Promise<string[]> => {
      const { stdout } = await house.operator(['runs', ...argv, '--output', 'json']);
      const { runs }: { runs: { id: string }[] } = JSON.parse(stdout);
      return runs.map(({ id }) => id);
    };
    expect(await ids()).toEqual([second, first]);
    expect(await ids('--limit', '1')).toEqual([second]);
    expect(await ids('--by', 'ann')).toEqual([first]);
    expect(await ids('--action', 'hold_lamp')).toEqual([second]);
    expect(await ids('--state', 'failed', '--state', 'unknown')).toEqual([]);
    expect(await ids('--state', 'succeeded', '--subject', 'home')).toEqual([second, first]);
  });

  it.each([
    [['runs', '--state', 'suceeded'], '--state cannot be "suceeded"; did you mean succeeded?'],
    [['runs', '--limit', '1001'], '--limit must be a whole number from 1 to 1000.'],
    [['runs', 'shwo'], 'There is no command "shwo" of `operator runs`; did you mean show?'],
    [['runs', 'show'], 'Name the run by its id'],
    [['runs', 'show', 'nowhere'], 'LEDGER_NOT_FOUND'],
    [['audit'], 'Name what to do: list, explain, verify, anchor, export.'],
    [['audit', 'list', '--since', '2026-02-30'], '--since must be a time in UTC'],
    [['lease', 'extend', 'x'], 'either --for DURATION or --until-ended'],
    [['lease', 'extend', 'x', '--for', '30'], '--for must be a duration'],
    [['run', 'hold_lamp', '--lamp-id', '1', '--for', '1.5h'], '--for must be a duration'],
    [['run', 'switch_lamp', '--lamp-id', '1', '--for', '1h'], 'switch_lamp leaves none'],
    [['mode', 'set', 'off', '--reason', 'x'], 'there are observe, guarded, autonomous.'],
    [['mode', 'sett', 'off'], 'There is no command "sett" of `operator mode`; did you mean set?'],
    [['stop'], 'LEDGER_NOT_FOUND'],
    [['resume', '--reason', ' '], '--reason is missing'],
    [['ledger', 'prune'], '--before is missing'],
  ])('%j is wrong usage: %s', async (argv, problem) => {
    const { exitCode, stdout, stderr } = await house.operator(argv);
    expect(stderr).toContain(problem);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    expect(house.sent()).toEqual([]);
  });

  it('shows one with times, requests, answers, and the evidence before and after', async () => {
    const id = await runId(house, switchLamp('1'));
    const { stdout } = await house.operator(['runs', 'show', id]);
    for (const part of [
      'State     succeeded: Lamp 1 is on.',
      'Read before it was sent\n  lamp:1 on      no',
      'Requests\n  1. throw the switch (POST /lamps/1): accepted',
      'Seen afterwards\n  Lamp 1 is on.',
      'about to send 1: throw the switch',
      'verifying → succeeded: Lamp 1 is on. (by ann)',
    ]) {
      expect(stdout).toContain(part);
    }
    const json = await house.operator(['runs', 'show', id, '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: 'operator.run_details/1',
      id,
      plan: { action: 'switch_lamp' },
      requests: [{ index: 0, result: { outcome: 'accepted' } }],
      events: expect.arrayContaining([expect.objectContaining({ kind: 'request_intended' })]),
    });
  });

  it('watches one to its end, and ends as run would', async () => {
    const argv = ['run', ...switchLamp('1'), '--yes', '--no-wait', '--output', 'json'];
    const document = JSON.parse((await house.operator(argv)).stdout);
    expect(document).toMatchObject({ state: 'verifying', error: null });
    const words = String(document.nextCommand).split(' ').slice(1);
    expect(words).toEqual(['runs', 'watch', document.runId]);
    const { exitCode, stdout } = await house.operator(words);
    expect(stdout).toMatch(/^Done and proven: Lamp 1 is on\./u);
    expect(exitCode).toBe(0);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('watching a run that has not started says until when it can start', async () => {
    usePolicy(
      house,
      'rules: [{ id: all, when: {}, decision: allow, reason: A lamp. }]\nlimits: { cooldown: 1h }\n',
    );
    await runId(house, switchLamp('1'));
    const limited = await house.operator(['run', 'hold_lamp', '--lamp-id', '1', '--yes']);
    expect(limited.stderr).toContain('LIMIT_REACHED');
    const { stdout } = await house.operator(['runs', '--state', 'approved', '--output', 'json']);
    const { id } = JSON.parse(stdout).runs[0];
    const controller = new AbortController();
    const watched = await house.operator(['runs', 'watch', id], {
      signal: controller.signal,
      onStderr: (said) => {
        if (said.includes('not begun')) controller.abort();
      },
    });
    expect(watched.stderr).toMatch(
      new RegExp(
        `Following run ${id}, which is approved and waits until \\S+ \\S+ for a runner`,
        'u',
      ),
    );
  });

  it('recovers runs without an owner by reading, and sends nothing again', async () => {
    house.lamps.mood = 'stuck';
    const id = await runId(house, switchLamp('1', '--deadline-ms', '300'));
    const doctor = await house.operator(['doctor']);
    expect(doctor.stdout).toContain(`Of unknown outcome: ${id}.`);
    Object.assign(house.lamps.lamps[0] ?? {}, { on: true, wanted: true });
    const recovered = await house.operator(['runs', 'recover', '--output', 'json']);
    expect(JSON.parse(recovered.stdout)).toMatchObject({
      format: 'operator.recovery/1',
      runs: [{ runId: id, before: 'unknown', state: 'succeeded', error: null }],
    });
    expect(recovered.exitCode).toBe(0);
    expect((await house.operator(['runs', 'recover'])).stdout).toContain('Nothing to recover');
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('finds the run of the first call by its idempotency key', async () => {
    house.lamps.mood = 'stuck';
    const argv = ['run', ...switchLamp('1'), '--yes', '--no-wait', '--idempotency-key', 'night'];
    const call = async () =>
      JSON.parse((await house.operator([...argv, '--output', 'json'])).stdout);
    const first = await call();
    expect((await call()).runId).toBe(first.runId);
    expect(house.sent()).toEqual(['/lamps/1']);
    const other = await house.operator(argv.with(3, '3'));
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('operator cancel', () => {
  it('before anything is sent: it never is', async () => {
    const id = await runId(house, ['burn_down', '--lamp-id', '1']);
    const { exitCode, stdout } = await house.operator(['cancel', id, '--reason', 'no fire today']);
    expect(stdout).toMatch(/^Cancelled: /u);
    expect(exitCode).toBe(0);
    const { stdout: page } = await house.operator(['runs', 'show', id]);
    expect(page).toContain('cancelled: no fire today');
    expect(house.sent()).toEqual([]);
  });

  it('after sending: the result of the cancel is printed', async () => {
    const id = await runId(house, ['hold_lamp', '--lamp-id', '1', '--no-wait']);
    expect((await house.operator(['cancel', id])).exitCode).toBe(0);
    expect(house.lamps.holds.size).toBe(0);
    const taken = (await house.operator(['runs', 'show', id])).stdout;
    expect(taken).toMatch(
      /what the system had in progress is cancelled by release_lamp \(run \w{16}\)/u,
    );
    house.lamps.mood = 'stuck';
    const stuck = await runId(house, switchLamp('3', '--no-wait', '--deadline-ms', '300'));
    await house.operator(['cancel', stuck]);
    const { stdout } = await house.operator(['runs', 'show', stuck]);
    expect(stdout).toContain('not cancelled: switch_lamp cannot be cancelled');
  });

  it('of a run that has ended is refused: 5', async () => {
    const id = await runId(house, switchLamp('1'));
    const { exitCode, stdout } = await house.operator(['cancel', id]);
    expect(stdout).toMatch(/^Too late: /u);
    expect(exitCode).toBe(5);
  });
});

describe('operator undo', () => {
  it('reverts the change, and marks the run as undone', async () => {
    const id = await runId(house, switchLamp('1'));
    const { exitCode, stdout } = await house.operator(['undo', id, '--yes']);
    expect(stdout).toMatch(/^Done and proven: /u);
    expect(exitCode).toBe(0);
    expect(house.lamps.lamps[0]?.on).toBe(false);
    const { stdout: list } = await house.operator(['runs']);
    expect(list).toMatch(new RegExp(`^${id} +undone`, 'mu'));
    expect(list).toContain(`(undo of ${id})`);
  });

  it('asks first', async () => {
    const id = await runId(house, switchLamp('1'));
    const { exitCode, stderr } = await house.operator(['undo', id]);
    expect(exitCode).toBe(6);
    expect(stderr).toContain(`operator undo ${id} --yes`);
    expect(house.sent()).toEqual(['/lamps/1']);
  });

  it('is refused when the system has changed since: 5', async () => {
    const id = await runId(house, switchLamp('1'));
    Object.assign(house.lamps.lamps[0] ?? {}, { on: false, wanted: false });
    const { exitCode, stderr } = await house.operator(['undo', id, '--yes']);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('UNDO_REFUSED');
    expect(house.sent()).toEqual(['/lamps/1']);
  });
});
