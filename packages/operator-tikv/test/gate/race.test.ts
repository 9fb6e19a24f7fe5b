import type { JsonObject, Plan } from 'operator-core';
import type { AuditEntry, Engine } from 'operator-engine';
import { isOver } from 'operator-engine';
import { expect, test } from 'vitest';
import { NOW, openArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { findLies } from './find-lies.ts';
import { isSoak } from './soak.ts';
import { Worker } from './start-worker.ts';
import type { FromWorker } from './worker-task.ts';

const PROCESSES = 16;
const APPLICATIONS = isSoak ? 2_000 : 200;
const LONG = isSoak ? 3_600_000 : 600_000;

/** Tells every process to apply its plans, all at the same instant; what they said. */
async function race(
  arena: Arena,
  plans: readonly (readonly Plan[])[],
): Promise<readonly FromWorker[]> {
  const workers = plans.map(() => new Worker());
  await Promise.all(workers.map((worker) => worker.next(0)));
  for (const [index, worker] of workers.entries()) {
    const step = { do: 'race', plans: plans[index] ?? [], patienceMs: 60_000 } as const;
    worker.begin(arena.task([step], NOW, 'free'));
  }
  await Promise.all(workers.map((worker) => worker.ended()));
  return workers.flatMap(({ said }) => said);
}

function ofKind<Kind extends FromWorker['kind']>(
  said: readonly FromWorker[],
  kind: Kind,
): readonly Extract<FromWorker, { kind: Kind }>[] {
  return said.filter((one): one is Extract<FromWorker, { kind: Kind }> => one.kind === kind);
}

/** Every two runs that had the same thing for themselves at the same time, by the order of the audit. */
function findSharedLocks(entries: readonly AuditEntry[]): readonly string[] {
  const held = new Map<string, string>();
  return entries.flatMap(({ runId, details }) => {
    const { to, resources } = details;
    if (runId === null || typeof to !== 'string') return [];
    if (to === 'executing' && Array.isArray(resources)) {
      return exclusiveOf(resources).flatMap((resource) => {
        const holder = held.get(resource);
        held.set(resource, runId);
        return holder === undefined ? [] : [`${runId} took ${resource} from ${holder}`];
      });
    }
    if (isOver(to as Parameters<typeof isOver>[0])) {
      for (const [resource, holder] of held) if (holder === runId) held.delete(resource);
    }
    return [];
  });
}

function exclusiveOf(resources: readonly unknown[]): readonly string[] {
  return (resources as readonly { mode: string; resource: string }[])
    .filter(({ mode }) => mode === 'exclusive')
    .map(({ resource }) => resource);
}

async function auditOf(engine: Engine): Promise<readonly AuditEntry[]> {
  const { audit } = await engine.openLedger();
  const entries: AuditEntry[] = [];
  for await (const entry of audit.export()) entries.push(entry);
  return entries;
}

/** Plans for the same, each a plan of its own. */
async function planAgain(
  engine: Engine,
  wanted: { action: string; parameters: JsonObject },
  times: number,
): Promise<readonly Plan[]> {
  const subject = await engine.openSubject();
  const plans: Plan[] = [];
  for (let time = 0; time < times; time += 1) {
    const validForMs = 3_600_000 + time;
    const planned = await subject.plan(wanted.action, wanted.parameters, { validForMs });
    if (planned.kind !== 'plan') throw new Error(`planning ended with ${planned.kind}`);
    plans.push(planned.plan);
  }
  return plans;
}

test(
  `${PROCESSES} processes apply the same plan ${APPLICATIONS} times: it is carried out once`,
  { timeout: LONG },
  async () => {
    const arena = await openArena({ limits: { followMs: 200 } });
    try {
      const engine = await arena.engine();
      const plan = await arena.plan(engine, 'transfer_leader', { region_id: 9, to_store_id: '3' });
      const each = Array.from({ length: PROCESSES }, (_, index) => {
        const times = Math.ceil((APPLICATIONS - index) / PROCESSES);
        return Array.from({ length: times }, () => plan);
      });
      const said = await race(arena, each);
      const results = ofKind(said, 'result');
      expect(ofKind(said, 'thrown')).toEqual([]);
      expect(results).toHaveLength(APPLICATIONS);
      const [first] = results;
      const everybody = { runId: first?.runId, state: 'succeeded', code: null };
      expect(results).toEqual(results.map(() => expect.objectContaining(everybody)));
      expect(await engine.runs.list()).toHaveLength(1);
      expect(arena.proxy.changes()).toHaveLength(1);
      const isThere = () => arena.sim.model.region(9)?.leaderStoreId === 3;
      expect(await findLies(arena, engine, { purpose: 'change', isThere })).toEqual([]);
    } finally {
      await arena.close();
    }
  },
);

test(
  `${PROCESSES} processes apply different plans on the same regions and stores: one at a time`,
  { timeout: LONG },
  async () => {
    const arena = await openArena({ limits: { followMs: 200 } });
    try {
      const engine = await arena.engine();
      // Region 21 is led by a store that others want to drain.
      const leaders = { 9: '2', 13: '3', 21: '1', 29: '2' } as const;
      const wanted = Object.entries(leaders).map(([region, to]) => ({
        action: 'transfer_leader',
        parameters: { region_id: Number(region), to_store_id: to },
      }));
      const plans = (
        await Promise.all([
          ...wanted.map((one) => planAgain(engine, one, 6)),
          planAgain(engine, { action: 'drain_store', parameters: { store_id: '4' } }, 4),
          planAgain(engine, { action: 'drain_store', parameters: { store_id: '5' } }, 4),
        ])
      ).flat();
      // Each plan is applied by three processes.
      const each = Array.from({ length: PROCESSES }, (_, process) =>
        plans.filter((__, index) =>
          [0, 5, 11].some((next) => (index + next) % PROCESSES === process),
        ),
      );
      const said = await race(arena, each);
      expect(ofKind(said, 'result').length + ofKind(said, 'thrown').length).toBe(3 * plans.length);
      expect(ofKind(said, 'event').map(({ event }) => event)).toContain('held_by');
      for (const { code } of ofKind(said, 'thrown')) expect(code).toBe('PLAN_STALE');

      const runs = await engine.runs.list({ limit: 1_000 });
      expect(runs.length).toBeLessThanOrEqual(plans.length);
      const told = new Map(runs.map(({ id, state }) => [id, state]));
      for (const { runId, state } of ofKind(said, 'result')) expect(told.get(runId)).toBe(state);
      const thrown = ofKind(said, 'thrown');
      for (const { runId } of thrown) if (runId !== null) expect(told.get(runId)).toBe('refused');
      // What is not taken at all has no run, but an entry.
      const kinds = (await auditOf(engine)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'plan_refused')).toHaveLength(
        thrown.filter(({ runId }) => runId === null).length,
      );

      const taken = arena.proxy.changes().map(({ runId }) => told.get(runId ?? ''));
      expect(taken).toEqual(taken.map(() => 'succeeded'));
      // Once it is done there is nothing left to do for the others.
      const done = runs.filter(({ state }) => state === 'succeeded');
      const effects = done.map(({ action, summary }) => `${action} ${summary}`);
      expect(effects).toHaveLength(new Set(effects).size);
      expect(done.filter(({ action }) => action === 'transfer_leader').length).toBeGreaterThan(2);
      // What is drained twice, or two at a time, would be two evictions.
      expect(arena.sim.model.evictedStores()).toHaveLength(1);
      expect(findSharedLocks(await auditOf(engine))).toEqual([]);
      for (const lease of await engine.leases.list({ states: ['active'] })) {
        await engine.leases.end(lease.runId, { reason: 'the race is over' });
      }
      expect(await findLies(arena, engine, { purpose: 'change' })).toEqual([]);
    } finally {
      await arena.close();
    }
  },
);
