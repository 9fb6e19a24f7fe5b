import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runId } from '../support/example-runs.ts';
import { useHouse } from '../support/house.ts';
import { tamper } from '../support/tamper.ts';

const house = useHouse();
const HOLD = ['hold_lamp', '--lamp-id', '1'];

/** The first id in a table of leases. */
function idOf(table: string): string {
  return table.split('\n')[1]?.split(' ')[0] ?? '';
}

describe('an effect that stays', () => {
  it('is a lease: shown with its end, listed, with a warning when no watch is running', async () => {
    const held = await house.operator(['run', ...HOLD, '--for', '30m', '--yes']);
    expect(held.exitCode).toBe(0);
    expect(held.stderr).toMatch(
      /^In force: hold on lamp:1, until .* \(in (?:30 min|29 min 5\d s)\)\.$/mu,
    );
    expect(held.stderr).toContain('No `operator watch` is running, so nothing ends it.');
    const { stdout, stderr } = await house.operator(['leases']);
    expect(stdout).toMatch(
      /active +in force +hold +lamp:1 +home +ann +\S+ \S+ \(in (?:30 min|29 min 5\d s)\)/u,
    );
    expect(stderr).toContain('No `operator watch` is running');
    const doctor = await house.operator(['doctor']);
    expect(doctor.stdout).toMatch(/^warning +leases +No runner that watches is alive to end/mu);
    expect(doctor.exitCode).toBe(0);
  });

  it('is not said to be in force before it was seen: 9', async () => {
    house.lamps.mood = 'cut_off';
    const run = await house.operator(['run', ...HOLD, '--for', '30m', '--yes', '--no-wait']);
    expect(run.exitCode).toBe(9);
    expect(run.stderr).toContain('OUTCOME_UNKNOWN');
    expect(run.stderr).not.toMatch(/^In force/mu);
    expect(run.stderr).toMatch(/^Not known to be in force: hold on lamp:1, until /mu);
    expect(run.stderr).toContain('It is not known to come into force: Lamp 1 is not held.');
    const { stdout, stderr } = await house.operator(['leases']);
    expect(stdout).toMatch(/ active +not known +hold +lamp:1 /u);
    expect(stderr).toContain('Lamp 1 is not held. Its run is verifying; no process follows it');
    const extended = await house.operator(['lease', 'extend', idOf(stdout), '--for', '1h']);
    expect(extended.stderr).toMatch(/^Not known to be in force: /mu);
  });

  it('is seen in force, though no answer came', async () => {
    house.lamps.mood = 'deaf';
    const run = await house.operator(['run', ...HOLD, '--yes', '--no-wait']);
    expect(run.stderr).toMatch(/^In force: hold on lamp:1, until it is ended\.$/mu);
    const offered = /^To end it: operator (.*)$/mu.exec(run.stderr)?.[1] ?? '';
    house.lamps.mood = 'willing';
    const ended = await house.operator(offered.split(' '));
    expect(ended.stdout).toMatch(/^Ended and proven: /u);
    expect(house.lamps.holds.size).toBe(0);
  });

  it('without --for stays until a user ends it', async () => {
    const id = await runId(house, HOLD);
    expect((await house.operator(['leases'])).stdout).toContain('when it is ended by hand');
    const { exitCode, stdout } = await house.operator(['lease', 'end', id]);
    expect(stdout).toMatch(/^Ended and proven: /u);
    expect(exitCode).toBe(0);
    expect(house.lamps.holds.size).toBe(0);
    expect((await house.operator(['leases'])).stdout).toBe('none\n');
    expect((await house.operator(['leases', '--all'])).stdout).toContain('ended');
    expect((await house.operator(['lease', 'end', id])).stdout).toMatch(/^Nothing to do: /u);
  });

  it('is extended and shortened from now', async () => {
    const id = await runId(house, [...HOLD, '--for', '1h']);
    const extend = async (...argv: string[]) => {
      const { stdout } = await house.operator(['lease', 'extend', id, ...argv, '--output', 'json']);
      return JSON.parse(stdout);
    };
    expect(await extend('--until-ended')).toMatchObject({ runId: id, endsAt: null });
    const { endsAt } = await extend('--for', '2h', '--reason', 'not done');
    const minutes = (Date.parse(endsAt) - Date.now()) / 60_000;
    // The ledger's clock may be a few milliseconds away from the machine's.
    expect(minutes).toBeCloseTo(120, 0);
    const { stdout } = await house.operator(['runs', 'show', id]);
    const until = String(endsAt).replace('T', ' ').replace(/\.\d+/u, '');
    expect(stdout).toContain('lease runs until it is ended: no reason was given (by ann)');
    expect(stdout).toContain(`lease runs until ${until}: not done (by ann)`);
  });

  it('that is due says for how long', async () => {
    const id = await runId(house, [...HOLD, '--for', '1h']);
    tamper(house, `UPDATE lease SET ends_at = ${Date.now() - 300_500} WHERE run_id = '${id}'`);
    expect((await house.operator(['leases'])).stdout).toMatch(/ \(due for 5 min(?: \d+ s)?\)$/mu);
  });

  it('is ended by the command that is offered, with the same configuration', async () => {
    const config = join(house.project.directory, 'operator.config.yaml');
    const argv = ['run', ...HOLD, '--yes', '--config', config];
    const { stderr } = await house.operator(argv, { cwd: '/' });
    const offered = /^To end it: operator (.*)$/mu.exec(stderr)?.[1] ?? '';
    expect((await house.operator(offered.split(' '), { cwd: '/' })).exitCode).toBe(0);
    expect(house.lamps.holds.size).toBe(0);
  });

  it('is reported as lost when another tool removed it', async () => {
    const id = await runId(house, HOLD);
    house.lamps.holds.clear();
    const { stdout } = await house.operator(['lease', 'end', id]);
    expect(stdout).toMatch(/^Gone already: /u);
    expect(house.sent()).toEqual(['/holds/1']);
  });

  it('is not ended while everything is stopped, loudly', async () => {
    const id = await runId(house, HOLD);
    const stopped = await house.operator(['stop', '--reason', 'smoke']);
    expect(stopped.stdout).toContain('Stopped by ann');
    expect(stopped.stderr).toContain('1 in force, and not ended until `operator resume`:');
    expect(stopped.stderr).toContain(id);
    const { exitCode, stderr } = await house.operator(['lease', 'end', id]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('STOPPED');
    expect(house.lamps.holds.size).toBe(1);
    await house.operator(['resume', '--reason', 'only toast']);
    expect((await house.operator(['lease', 'end', id])).exitCode).toBe(0);
  });
});

describe('operator watch', () => {
  const watchUntil = async (text: string, ...argv: string[]) => {
    const controller = new AbortController();
    let said = '';
    return house.operator(['watch', ...argv], {
      user: 'watchman',
      signal: controller.signal,
      onStdout: (written) => {
        said += written;
        if (said.includes(text)) controller.abort();
      },
    });
  };

  it('ends due leases of all users', async () => {
    const id = await runId(house, [...HOLD, '--for', '1s']);
    const { exitCode, stdout } = await watchUntil('lease ended');
    expect(stdout).toContain(`[${id}]`);
    expect(exitCode).toBe(0);
    expect(house.lamps.holds.size).toBe(0);
    const list = await house.operator(['runs', '--output', 'json']);
    expect(JSON.parse(list.stdout).runs[0]).toMatchObject({
      state: 'succeeded',
      purpose: { kind: 'lease_end', of: id },
    });
  });

  it('with ndjson writes an event a line, with json one document at the end', async () => {
    const lines = await watchUntil('started', '--output', 'ndjson');
    const events = lines.stdout.trimEnd().split('\n');
    expect(JSON.parse(events[0] ?? '')).toMatchObject({
      format: 'operator.watch_event/1',
      kind: 'started',
    });
    const controller = new AbortController();
    const ending = house.operator(['watch', '--output', 'json'], { signal: controller.signal });
    controller.abort();
    const { exitCode, stdout } = await ending;
    expect(JSON.parse(stdout)).toMatchObject({ format: 'operator.watch/1' });
    expect(exitCode).toBe(0);
  });
});
