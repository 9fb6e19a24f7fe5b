import { DatabaseSync } from 'node:sqlite';
import { isHttpRequest } from 'operator-core';
import type { PlannedRequest } from 'operator-core';
import { isOver } from 'operator-engine';
import type { Engine, RunDetails, RunPurpose, RunState } from 'operator-engine';
import type { Arena } from './arena.ts';
import type { PassingRequest } from './pd-proxy.ts';
import type { Site } from './site.ts';

/** What the newest run of a purpose should have come to. */
export interface Expected {
  readonly purpose: RunPurpose['kind'];
  /** Whether what that run wants is in force. */
  readonly isThere?: ((arena: Arena) => boolean) | undefined;
  /** Stores that were drained by hand, without the gate. */
  readonly drainedByHand?: readonly number[];
}

/** States in which nothing of a run can be in force, because PD has never taken anything of it. */
const NOTHING_HAPPENED: readonly RunState[] = [
  'refused',
  'rejected',
  'expired',
  'failed',
  'awaiting_approval',
];

/** Everything in which ledger, PD and proxy contradict each other once all is settled, as sentences. */
export async function findLies(
  arena: Arena,
  engine: Engine,
  expected: Expected,
): Promise<readonly string[]> {
  return [
    ...(await findContradictions(arena, engine)),
    ...findUnseen(arena),
    ...findWrongEnd(arena, await readRuns(engine), expected),
    ...(await findLeftovers(arena, engine, expected)),
  ];
}

/** Everything in which ledger and proxy contradict each other, or the ledger itself, once all is settled. */
export async function findContradictions(site: Site, engine: Engine): Promise<readonly string[]> {
  const runs = await readRuns(engine);
  return [
    ...findUnwritten(site.changes(), runs),
    ...runs.flatMap((run) => findUntrue(run, site.changes())),
    ...findLocks(site),
    ...(await findOpenLeases(engine)),
    ...(await findDamage(engine)),
  ];
}

async function readRuns(engine: Engine): Promise<readonly RunDetails[]> {
  const ledger = await engine.openLedger();
  const records = await ledger.runs.list({ limit: 1_000 });
  return Promise.all(records.map(({ id }) => ledger.runs.get(id)));
}

/** What was sent without standing in the journal, or more than once. */
function findUnwritten(
  changes: readonly PassingRequest[],
  runs: readonly RunDetails[],
): readonly string[] {
  const seen = new Set<string>();
  return changes.flatMap((change) => {
    const { runId, method, path, body } = change;
    const line = `${method} ${path} of run ${runId}`;
    const journaled = runs
      .find(({ id }) => id === runId)
      ?.requests.filter(({ request }) => isSame(request, change));
    if (journaled === undefined || journaled.length === 0) return [`${line} is in no journal`];
    const key = `${line} ${body}`;
    if (seen.has(key)) return [`${line} was sent twice`];
    seen.add(key);
    return [];
  });
}

function isSame(request: PlannedRequest, { method, path, body }: PassingRequest): boolean {
  if (!isHttpRequest(request)) return false;
  return request.method === method && request.path === path && (request.body ?? '') === body;
}

/** What PD has seen of runs must be what came by. */
function findUnseen(arena: Arena): readonly string[] {
  const received = arena.sim.requests.filter(
    ({ method, headers, status }) =>
      method !== 'GET' &&
      method !== 'HEAD' &&
      headers['x-caller-id'] !== undefined &&
      status !== undefined,
  );
  const passed = arena.changes().filter(({ status }) => status !== null);
  if (received.length === passed.length) return [];
  return [`PD has seen ${received.length} changes, and ${passed.length} came by`];
}

function findUntrue(run: RunDetails, changes: readonly PassingRequest[]): readonly string[] {
  const { id, state, action } = run;
  const about = `${action} ${id} is ${state}`;
  const taken = changes.filter(
    ({ runId, status }) => runId === id && status !== null && status < 300,
  );
  if (!isOver(state) && state !== 'awaiting_approval') return [`${about}, which is no end`];
  if (NOTHING_HAPPENED.includes(state) && taken.length > 0) {
    return [`${about}, but PD has taken ${taken.length} requests of it`];
  }
  if (state !== 'unknown') return [];
  const mayBe = run.requests.some(
    ({ result }) =>
      result === null || result.outcome === 'unknown' || result.outcome === 'accepted',
  );
  if (!mayBe) return [`${about}, but the journal knows that nothing was sent`];
  const { error } = run.detail as { error?: { facts?: object; remedy?: string } };
  const isTold = error?.facts !== undefined && (error.remedy ?? '') !== '';
  return isTold
    ? []
    : [`${about}, and does not say how to find out: ${JSON.stringify(run.detail)}`];
}

function findWrongEnd(
  arena: Arena,
  runs: readonly RunDetails[],
  { purpose, isThere }: Expected,
): readonly string[] {
  if (isThere === undefined) return [];
  const main = runs.find((run) => run.purpose.kind === purpose);
  const isDone = isThere(arena);
  if ((main?.state === 'succeeded') === isDone) return [];
  // An effect that may have another cause proves nothing.
  if (isDone && main !== undefined && isCauseUnknown(main)) return [];
  return [
    `the newest ${purpose} is ${main?.state}, but its effect is ${isDone ? '' : 'not '}there`,
  ];
}

function isCauseUnknown({ state, detail }: RunDetails): boolean {
  const { error } = detail as { error?: { code?: string } };
  return state === 'unknown' && error?.code === 'CAUSE_UNKNOWN';
}

function findLocks({ ledgerPath }: Site): readonly string[] {
  const database = new DatabaseSync(ledgerPath, { readOnly: true });
  const locks = database
    .prepare('SELECT run_id, resource FROM resource_lock WHERE released_at IS NULL')
    .all();
  database.close();
  return locks.map((lock) => `${String(lock['resource'])} is locked by ${String(lock['run_id'])}`);
}

/** Leases that no runner will ever end. */
async function findOpenLeases(engine: Engine): Promise<readonly string[]> {
  return (await engine.leases.list())
    .filter(({ state }) => ['planned', 'active', 'ending'].includes(state))
    .map(({ resource, state }) => `the lease of ${resource} is ${state}`);
}

/** Standing effects that no runner will ever end, and leases that are lost although their effect was not removed. */
async function findLeftovers(
  arena: Arena,
  engine: Engine,
  { drainedByHand = [] }: Expected,
): Promise<readonly string[]> {
  const lost = await engine.leases.list({ states: ['lost'] });
  const drained = arena.sim.model.evictedStores().filter((id) => !drainedByHand.includes(id));
  return [
    ...lost.map(({ resource, reason }) => `the lease of ${resource} is lost to nobody: ${reason}`),
    ...drained.map((id) => `store ${id} is still drained`),
  ];
}

async function findDamage(engine: Engine): Promise<readonly string[]> {
  const { maintenance } = await engine.openLedger();
  return (await maintenance.check()).problems;
}
