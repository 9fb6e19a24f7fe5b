import { setTimeout } from 'node:timers/promises';
import type { Plan } from 'operator-core';
import type { RunDetails, RunRecord } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { kill } from '../gate/crash.ts';
import type { Point } from '../gate/crash.ts';
import { findContradictions } from '../gate/find-lies.ts';
import { settleNow } from '../gate/settle.ts';
import type { Settling } from '../gate/settle.ts';
import { NOW } from '../gate/site.ts';
import { startWorker } from '../gate/start-worker.ts';
import { LiveCluster } from './cluster.ts';

/** Time in which a lost request may still arrive, and a margin. */
const LOST_MS = 185_000;
/** Longer than that, and than PD's own limit for a leader that it was not asked to move. */
const WITHIN_MS = 240_000;

// Dead owners are found sooner, and living ones on a busy machine are not mistaken for dead.
const cluster = new LiveCluster({ ownerTtlMs: 4_000, permitMarginMs: 500 });

/** What a process does that is killed. */
interface Change {
  readonly plan: Plan;
  /** The drain has one that is over as soon as it is proven. */
  readonly leaseMs?: number;
  readonly isThere: () => Promise<boolean>;
}

const CHANGES = {
  transfer_leader: async () => {
    const { regionId, follower } = await cluster.movable();
    return toChange('transfer_leader', { region_id: regionId, to_store_id: follower });
  },
  transfer_peer: async () => {
    const { regionId, follower, free } = await cluster.movable();
    const move = { region_id: regionId, from_store_id: follower, to_store_id: free };
    return toChange('transfer_peer', move);
  },
  set_leader_schedule_limit: async () => {
    const { leaderScheduleLimit } = await cluster.pd.getScheduleConfig();
    return toChange('set_leader_schedule_limit', { limit: leaderScheduleLimit + 1 });
  },
  drain_store: async () => {
    const [store] = await cluster.drainable();
    const change = await toChange('drain_store', { store_id: String(store?.id) });
    return { ...change, leaseMs: 1 };
  },
} as const satisfies Readonly<Record<string, () => Promise<Change>>>;

async function toChange(action: string, parameters: Plan['parameters']): Promise<Change> {
  const plan = await cluster.plan(action, parameters);
  return { plan, isThere: () => cluster.isThere(action, parameters) };
}

const BEFORE_SENDING: Point = { kind: 'code', label: 'after runs.intend', occurrence: 1 };
const BEFORE_THE_ANSWER: Point = { kind: 'wire', change: 0, at: 'answered', isLate: false };
const VERIFYING: Point = { kind: 'code', label: 'event verifying', occurrence: 1 };

interface Killed {
  readonly action: keyof typeof CHANGES;
  readonly by: Settling;
}

/** Kills a process that makes the change, and lets the next runner settle what it has left. */
async function killAndSettle(
  { plan, leaseMs }: Change,
  { point, by }: { readonly point: Point; readonly by: Settling },
): Promise<RunRecord> {
  const { site } = cluster;
  const lease = leaseMs === undefined ? {} : { leaseMs };
  const worker = startWorker(site.task([{ do: 'apply', plan, ...lease }], NOW, 'asked'));
  try {
    await kill(site, worker, { point, first: 0 });
  } finally {
    await worker.kill();
  }
  const left = await theChange();
  expect(left.state).toBe(point === VERIFYING ? 'verifying' : 'executing');
  await cluster.untilAbandoned();
  const next = await settleNow(site, by, WITHIN_MS);
  expect(await findContradictions(site, next)).toEqual([]);
  return theChange();
}

/** The run of the process, which may not be the only one: a lease is ended by another. */
async function theChange(): Promise<RunRecord> {
  const runs = await cluster.engine.runs.list();
  const [run, ...more] = runs.filter(({ purpose }) => purpose.kind === 'change');
  if (run === undefined || more.length > 0) throw new Error(`there are ${runs.length} runs`);
  return run;
}

/** How often PD was asked for the change of the run. */
function timesSent({ id }: RunRecord): number {
  return cluster.site.changes().filter(({ runId }) => runId === id).length;
}

/** Recovers again when a lost request of the run can no longer arrive. */
async function recoverLater({ requests }: RunDetails): Promise<RunRecord> {
  const sentAt = Date.parse(requests[0]?.intendedAt ?? '');
  await setTimeout(Math.max(0, sentAt + LOST_MS - Date.now()));
  await cluster.engine.runs.recover();
  return theChange();
}

describe('a process that is killed after its intent and before its request leaves', () => {
  // PD shows operators: what is not there when the request can no longer arrive has not come.
  test('transfer_leader is unknown, says recover, and ineffective when it can no longer arrive', async () => {
    const change = await CHANGES.transfer_leader();
    const run = await killAndSettle(change, { point: BEFORE_SENDING, by: 'recover' });
    expect(timesSent(run)).toBe(0);
    expect(run.state).toBe('unknown');
    const later = await recoverLater(await cluster.engine.runs.get(run.id));
    expect(later.state).toBe('ineffective');
    expect(await change.isThere()).toBe(false);
  });

  test('set_leader_schedule_limit is unknown, says watch', async () => {
    const change = await CHANGES.set_leader_schedule_limit();
    const run = await killAndSettle(change, { point: BEFORE_SENDING, by: 'watch' });
    expect(timesSent(run)).toBe(0);
    expect(run.state).toBe('unknown');
    expect(await change.isThere()).toBe(false);
  });

  test('drain_store leaves no drain and no lease', async () => {
    const change = await CHANGES.drain_store();
    const run = await killAndSettle(change, { point: BEFORE_SENDING, by: 'watch' });
    expect(timesSent(run)).toBe(0);
    expect(await cluster.drained()).toEqual([]);
    expect(await cluster.engine.leases.get(run.id)).toMatchObject({ state: 'ended' });
    expect(run.state).toBe('ineffective');
  });
});

describe.for([
  ['before the answer of PD is written down', BEFORE_THE_ANSWER],
  ['while it looks for the effect', VERIFYING],
] as const)('a process that is killed %s', ([, point]) => {
  test.for([
    { action: 'transfer_leader', by: 'watch' },
    { action: 'transfer_peer', by: 'recover' },
    { action: 'set_leader_schedule_limit', by: 'recover' },
  ] satisfies readonly Killed[])('$action has succeeded, says $by', async ({ action, by }) => {
    const change = await CHANGES[action]();
    const run = await killAndSettle(change, { point, by });
    expect(timesSent(run)).toBe(1);
    expect(run.state).toBe('succeeded');
    expect(await change.isThere()).toBe(true);
    expect(await cluster.undo(run.id)).toMatchObject({ state: 'succeeded' });
    expect(await change.isThere()).toBe(false);
  });

  test.for(['recover', 'watch'] as const)(
    'drain_store has succeeded, or its lease has cancelled it, and the drain is ended, says %s',
    async (by) => {
      const run = await killAndSettle(await CHANGES.drain_store(), { point, by });
      expect(timesSent(run)).toBe(1);
      // A lease that is over before the store is empty cancels its run.
      expect(run.state).toMatch(/^(?:succeeded|cancelled)$/u);
      expect(await cluster.drained()).toEqual([]);
      expect(await cluster.engine.leases.get(run.id)).toMatchObject({ state: 'ended' });
      const [end] = await cluster.engine.runs.list({ of: run.id });
      const kind = run.state === 'succeeded' ? 'lease_end' : 'cancel';
      expect(end).toMatchObject({ purpose: { kind }, state: 'succeeded' });
    },
  );
});
