import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult, WatchEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';

/** Holds lamp 1 for a while. */
async function hold({ subject }: Lamps, leaseMs: number): Promise<RunResult> {
  const plan = await planOf(subject, 'hold_lamp', { lamp_id: 1 });
  const { result } = await drain(subject.apply(plan, { leaseMs }));
  expect(result).toMatchObject({ state: 'succeeded', lease: { state: 'active', effect: 'hold' } });
  return result;
}

/** Another policy from now on. */
function usePolicy({ directory }: Lamps, decision: string): void {
  const rule = `{ id: lamps, when: {}, decision: ${decision}, reason: Somebody may be asleep. }`;
  writeFileSync(join(directory, 'operator.policy.yaml'), `rules:\n  - ${rule}\n`);
}

/** Watches until something is told. */
async function watchUntil(
  { engine }: Lamps,
  ...kinds: readonly WatchEvent['kind'][]
): Promise<WatchEvent> {
  const stop = new AbortController();
  let found: WatchEvent | null = null;
  for await (const event of engine.watch({ signal: stop.signal })) {
    if (!kinds.includes(event.kind)) continue;
    found = event;
    stop.abort();
  }
  if (found === null) throw new Error(`${kinds.join(' or ')} was never told`);
  return found;
}

describe('a lease', () => {
  it('has an owner and an end from its beginning', async () => {
    await using lamps = await openLamps();
    const { runId, lease } = await hold(lamps, 3_600_000);
    expect(lease).toMatchObject({ runId, owner: { name: 'ada' }, resource: 'lamp:1' });
    expect(Date.parse(lease?.endsAt ?? '')).toBeGreaterThan(Date.now() + 3_500_000);
    expect(await lamps.engine.leases.list()).toMatchObject([{ runId, state: 'active' }]);
  });

  it('is ended by any runner that watches when its time is over', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    expect(await watchUntil(lamps, 'lease_ended')).toMatchObject({ runId });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
    const [end] = await lamps.engine.runs.list({ of: runId });
    expect(end).toMatchObject({ purpose: { kind: 'lease_end' }, state: 'succeeded' });
    expect(lamps.house.changes).toHaveLength(2);
  });

  it('is ended once by several runners', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    const workers = [1, 2].map(() => startWorker(lamps.directory, { do: 'watch' }));
    await Promise.race(workers.map((one) => one.said(({ kind }) => kind === 'lease_ended')));
    for (const one of workers) {
      await one.said(({ kind }) => kind === 'started');
      one.kill('SIGTERM');
      expect(await one.gone).toBe(0);
      expect(one.told.at(-1)).toMatchObject({ kind: 'ended' });
    }
    expect(lamps.house.changes).toHaveLength(2);
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
  });

  it('outlives the process that made it, and is ended by another', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const at = { kind: 'sent' } as const;
    const worker = startWorker(lamps.directory, { do: 'apply', plan, leaseMs: 1, at });
    expect(await worker.gone).toBe('SIGKILL');
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
    await watchUntil(lamps, 'lease_ended');
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
    expect(lamps.house.changes).toHaveLength(2);
  });

  it('is ended on request', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 3_600_000);
    const ended = await lamps.engine.leases.end(runId, { reason: 'done' });
    expect(ended).toMatchObject({ outcome: 'ended', lease: { state: 'ended' } });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
    const again = await lamps.engine.leases.end(runId, { reason: 'done' });
    expect(again).toMatchObject({ outcome: 'already_closed', run: null });
  });

  it('is ended with its run, when that is undone', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 3_600_000);
    const { subject, plan, purpose } = await lamps.engine.runs.planUndo(runId);
    const { result } = await drain(subject.apply(plan, { purpose }));
    expect(result.state).toBe('succeeded');
    expect(await lamps.engine.runs.get(runId)).toMatchObject({
      state: 'undone',
      lease: { state: 'ended' },
    });
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });

  it('can be given more time', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    const extended = await lamps.engine.leases.extend(runId, { forMs: null, reason: 'not yet' });
    expect(extended).toMatchObject({ endsAt: null, state: 'active' });
    const ledger = await lamps.engine.openLedger();
    expect(await ledger.leases.due()).toEqual([]);
  });

  it('is given more time only by whom policy would let have it, or who may consent to it', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 3_600_000);
    const bob = await lamps.open(BOB);
    const later = { forMs: 7_200_000, reason: 'not yet' };
    usePolicy(lamps, 'needs_approval, approval: { from: [bob] }');
    const error = await failureOf(lamps.engine.leases.extend(runId, later));
    expect(error).toMatchObject({ code: 'POLICY_DENIED', kind: 'refused' });
    expect(error.remedy).toContain('bob');
    // A shorter lease than was allowed needs no consent.
    await lamps.engine.leases.extend(runId, { forMs: 1_800_000, reason: 'done soon' });
    await bob.engine.leases.extend(runId, { forMs: null, reason: 'it takes longer' });
    usePolicy(lamps, 'deny');
    await bob.engine.leases.extend(runId, { forMs: 60_000, reason: 'no more' });
    const denied = await failureOf(bob.engine.leases.extend(runId, later));
    expect(denied.code).toBe('POLICY_DENIED');
  });

  it('of an agent is not extended by the user under whose account it runs', async () => {
    await using lamps = await openLamps();
    const agent = await lamps.open({ kind: 'agent', name: 'bob' });
    const plan = await planOf(agent.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(agent.subject.apply(plan, { leaseMs: 3_600_000 }));
    usePolicy(lamps, 'needs_approval');
    const later = { forMs: 7_200_000, reason: 'not yet' };
    const bob = await lamps.open(BOB);
    const error = await failureOf(bob.engine.leases.extend(result.runId, later));
    expect(error.code).toBe('POLICY_DENIED');
    await lamps.engine.leases.extend(result.runId, later);
  });

  it('becomes lost, with an event, when another tool removed its effect', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: false });
    const told = await watchUntil(lamps, 'lease_lost');
    expect(told.message).toContain('something else removed it');
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'lost' });
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is not created for an effect that existed before', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    const error = await failureOf(drain(lamps.subject.apply(plan, { leaseMs: 1 })));
    expect(error.code).toBe('PLAN_STALE');
    expect(await lamps.engine.leases.list()).toEqual([]);
    expect(lamps.house.changes).toEqual([]);
  });

  it('goes on under the kill switch, loudly, and ends when that is lifted', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    const { engine } = await lamps.open(BOB);
    await engine.mode.stop({ reason: 'smoke' });
    const error = await failureOf(lamps.engine.leases.end(runId, { reason: 'done' }));
    expect(error).toMatchObject({ code: 'STOPPED' });
    expect(error.message).toContain('NOT removed');
    const told = await watchUntil(lamps, 'stopped');
    expect(told.message).toContain('NO lease is ended');
    expect(lamps.house.lamps.get(1)?.held).toBe(true);
    await engine.mode.resume({ reason: 'false alarm' });
    await watchUntil(lamps, 'lease_ended');
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });

  it('waits for consent in a mode where everything does, and is ended once there is some', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    await lamps.engine.mode.set('guarded', { reason: 'night' });
    expect(await watchUntil(lamps, 'lease_not_ended')).toMatchObject({
      runId,
      details: { error: { code: 'NEEDS_APPROVAL' } },
    });
    const { engine } = await lamps.open(BOB);
    const [end, ...others] = await engine.approvals.pending();
    expect(others).toEqual([]);
    const { id = '', digest = '' } = end?.run ?? {};
    expect(await engine.approvals.approve(id, { digest })).toMatchObject({ goesOn: 'here' });
    await watchUntil(lamps, 'lease_ended', 'went_on');
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
    expect(lamps.house.changes).toHaveLength(2);
  });

  it('that cannot be ended stays, is reported, and is tried again', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    lamps.house.postFaults = ['refuse'];
    const error = await failureOf(lamps.engine.leases.end(runId, { reason: 'done' }));
    expect(error).toMatchObject({ code: 'LEASE_NOT_ENDED', kind: 'failed', retryable: true });
    expect(error.message).toContain('may be in force');
    await watchUntil(lamps, 'lease_ended');
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
  });

  it('whose removal was cut off by a crash is found removed, not lost', async () => {
    await using lamps = await openLamps();
    const { runId } = await hold(lamps, 1);
    const worker = startWorker(lamps.directory, { do: 'watch' });
    lamps.house.postFaults = ['hang_after'];
    lamps.house.onChange = () => {
      worker.kill('SIGKILL');
      lamps.house.onChange = () => undefined;
    };
    await worker.gone;
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
    await watchUntil(lamps, 'recovered', 'lease_ended');
    expect(await lamps.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
    expect(lamps.house.changes).toHaveLength(2);
  });
});

describe('who is there', () => {
  it('reports if a runner watches, and that none does after it has ended', async () => {
    await using lamps = await openLamps();
    const isWatched = async (): Promise<boolean> =>
      (await lamps.engine.runners()).some(({ role, isAlive }) => role === 'watch' && isAlive);
    expect(await isWatched()).toBe(false);
    const worker = startWorker(lamps.directory, { do: 'watch' });
    await worker.said(({ kind }) => kind === 'started');
    expect(await isWatched()).toBe(true);
    worker.kill('SIGTERM');
    await worker.gone;
    expect(await isWatched()).toBe(false);
  });
});
