import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult, WatchEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { MINUTE, TestClock } from '../src/ledger-suite/test-clock.ts';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';

async function hold({ subject }: Lamps, leaseMs: number): Promise<RunResult> {
  const plan = await planOf(subject, 'hold_lamp', { lamp_id: 1 });
  return (await drain(subject.apply(plan, { leaseMs }))).result;
}

/** Everything that is told until this is. */
async function watchUntil({ engine }: Lamps, kind: WatchEvent['kind']): Promise<string[]> {
  const stop = new AbortController();
  const told: string[] = [];
  for await (const event of engine.watch({ signal: stop.signal })) {
    told.push(event.kind);
    if (event.kind === kind) stop.abort();
  }
  return told;
}

/** Kills a watching runner when the request that ends the lease reaches the server, which drops it. */
async function killAtEnd(lamps: Lamps, runId: string): Promise<void> {
  const worker = startWorker(lamps.directory, { do: 'watch' });
  lamps.house.postFaults = ['cut_before'];
  lamps.house.onChange = () => {
    worker.kill('SIGKILL');
    lamps.house.onChange = () => undefined;
  };
  expect(await worker.gone).toBe('SIGKILL');
  expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ending' });
  expect(lamps.house.lamps.get(1)?.held).toBe(true);
}

describe('a lease whose runner was killed right after its end had begun', () => {
  it('is ended by the next watching runner, with an event', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    await killAtEnd(lamps, runId);
    expect(await watchUntil(lamps, 'lease_ended')).toContain('lease_ended');
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  }, 90_000);

  it('can be extended and released as soon as the runner is known to be dead', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    await killAtEnd(lamps, runId);
    const longer = { forMs: 3_600_000, reason: 'not yet' };
    const error = await failureOf(lamps.engine.leases.extend(runId, longer));
    expect(error.code).toBe('LEASE_STATE_CONFLICT');
    await expect
      .poll(() => lamps.engine.leases.extend(runId, longer), { timeout: 20_000 })
      .toMatchObject({ runId });
    const released = await lamps.engine.leases.release(runId, { reason: 'it is to stay' });
    expect(released).toMatchObject({ state: 'released' });
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
  }, 90_000);
});

describe('the extension of a lease', () => {
  it('is decided by the time window of now', async () => {
    const ledgerClock = new TestClock();
    const when = '{ during: { zone: UTC, from: 12:03, to: 18:00 } }';
    const policy = `
rules:
  - { id: all, when: {}, decision: allow, reason: Lamps are harmless. }
  - { id: later, when: ${when}, decision: deny, reason: The house sleeps. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;
    await using lamps = await openLamps({ policy, ledgerClock });
    const { runId } = await hold(lamps, 60 * MINUTE);
    const longer = { forMs: 120 * MINUTE, reason: 'not yet' };
    expect(await lamps.engine.leases.extend(runId, longer)).toMatchObject({ state: 'active' });
    ledgerClock.pass(4 * MINUTE);
    const error = await failureOf(lamps.engine.leases.extend(runId, longer));
    expect(error).toMatchObject({ code: 'POLICY_DENIED', kind: 'refused' });
    expect(error.message).toContain('The house sleeps.');
    // Shortening is still allowed for all users.
    await lamps.engine.leases.extend(runId, { forMs: 30 * MINUTE, reason: 'done soon' });
  });
});

describe('the end of a lease that policy denies', () => {
  it.each([
    ['is riskier', { watts: 1000 }, 'its end has the risk high, and the lease had medium'],
    ['disturbs more', { wiring: 2 }, 'its end also disturbs lamp:2'],
  ])('supersedes the lease when it %s than was leased', async (_what, changed, excess) => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 3_600_000);
    Object.assign(lamps.house.lamps.get(1) ?? {}, changed);
    const rule = '{ id: no, when: { action: release_lamp }, decision: deny, reason: Not now. }';
    writeFileSync(join(lamps.directory, 'operator.policy.yaml'), `rules:\n  - ${rule}\n`);
    const ended = await lamps.engine.leases.end(runId, { reason: 'done' });
    expect(ended).toMatchObject({ outcome: 'superseded', lease: { state: 'superseded' } });
    expect(ended.summary).toContain(excess);
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
    expect(lamps.house.changes).toHaveLength(1);
  });
});
