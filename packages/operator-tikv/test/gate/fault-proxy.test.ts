import type { JsonObject, OperatorError } from 'operator-core';
import type { RunEvent, RunResult } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { openArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { outcomeOf } from './drain.ts';
import { findLies } from './find-lies.ts';
import { inParallel } from './in-parallel.ts';
import type { Stage, Verdict } from './pd-proxy.ts';
import { BEFORE } from './scenarios.ts';
import { settle } from './settle.ts';
import { isSoak } from './soak.ts';

const VERSIONS = isSoak ? (['6.5', '8.5'] as const) : (['8.5'] as const);
/** Connections cut at a time, of each action: mostly they wait until an effect has held. */
const AT_ONCE = 3;
const LONG = isSoak ? 3_600_000 : 600_000;
/** So often is looked for what may never come. */
const LOOKS = 4;

interface Case {
  readonly action: string;
  readonly parameters: JsonObject;
  readonly arrange?: (arena: Arena) => Promise<void>;
  readonly isThere: (arena: Arena) => boolean;
  /** True when the effect comes in time without the request. */
  readonly comesByItself?: boolean;
}

const hold = async (arena: Arena): Promise<void> => {
  arena.sim.faults.holdOperators();
  const transfer = { name: 'transfer-leader', region_id: 9, to_store_id: 3 };
  await arena.byHand('POST', '/operators', transfer);
};

/** Every action of the plugin, once. */
const CASES: readonly Case[] = [
  {
    action: 'transfer_leader',
    parameters: { region_id: 9, to_store_id: '3' },
    isThere: ({ sim }) => sim.model.region(9)?.leaderStoreId === 3,
  },
  {
    action: 'transfer_peer',
    parameters: { region_id: 9, from_store_id: '3', to_store_id: '4' },
    isThere: ({ sim }) => sim.model.region(9)?.peers.some(({ storeId }) => storeId === 4) === true,
  },
  {
    action: 'drain_store',
    parameters: { store_id: '4' },
    isThere: ({ sim }) => sim.model.evictedStores().includes(4),
  },
  {
    action: 'undrain_store',
    parameters: { store_id: '4' },
    arrange: async (arena) => {
      await arena.byHand('POST', '/schedulers', { name: 'evict-leader-scheduler', store_id: 4 });
      arena.sim.clock.advance(60_000);
    },
    isThere: ({ sim }) => !sim.model.evictedStores().includes(4),
  },
  {
    action: 'cancel_operator',
    parameters: { region_id: 9 },
    arrange: hold,
    isThere: ({ sim }) => sim.model.runningOperator(9) === undefined,
    comesByItself: true,
  },
  {
    action: 'set_leader_schedule_limit',
    parameters: { limit: 8 },
    isThere: ({ sim }) => sim.model.scheduleConfig()['leader-schedule-limit'] === 8,
  },
];

/** Where a connection is cut: before PD sees the request, before, in and after its answer. */
const CUTS = {
  request: { stage: 'arrived', verdict: 'cut' },
  before: { stage: 'answered', verdict: 'cut' },
  inside: { stage: 'answered', verdict: 'half' },
  after: { stage: 'answered', verdict: 'end' },
} as const satisfies Readonly<Record<string, { stage: Stage; verdict: Verdict }>>;

interface Cut {
  /** Which request after the plan was made, from 0. */
  readonly nth: number;
  readonly where: keyof typeof CUTS;
}

interface Outcome {
  readonly result: RunResult | null;
  readonly error: OperatorError | null;
  readonly requests: number;
  readonly changes: readonly number[];
}

/** Applies a plan while one connection is cut. What may never come is not waited for. */
async function applyCut(arena: Arena, one: Case, cut: Cut | null): Promise<Outcome> {
  await one.arrange?.(arena);
  const engine = await arena.engine(BEFORE);
  const plan = await arena.plan(engine, one.action, one.parameters);
  const subject = await engine.openSubject();
  const first = arena.proxy.passed.length;
  if (cut !== null) {
    const { stage, verdict } = CUTS[cut.where];
    arena.proxy.toll = ({ index }, at) =>
      index === first + cut.nth && at === stage ? verdict : 'pass';
  }
  const stop = new AbortController();
  let looks = 0;
  const before = ({ kind }: RunEvent): void => {
    if (kind === 'verifying') looks += 1;
    if (looks > LOOKS && cut !== null && !one.isThere(arena)) stop.abort();
  };
  const { result, error } = await outcomeOf(subject.apply(plan, { signal: stop.signal }), before);
  const passed = arena.proxy.passed.slice(first);
  const changes = passed.flatMap(({ isChange }, index) => (isChange ? [index] : []));
  return { result, error, requests: passed.length, changes };
}

function findWrongOutcome(arena: Arena, one: Case, outcome: Outcome): readonly string[] {
  const { result, error } = outcome;
  const changes = outcome.changes.length;
  if (changes > 1) return [`${changes} changes were sent`];
  if (error !== null) {
    return changes === 0 ? [] : [`it threw ${error.code}, but had sent something`];
  }
  if (result === null) return ['it came to nothing'];
  const isThere = one.isThere(arena);
  if (result.state === 'succeeded') return isThere ? [] : ['it succeeded, but nothing is there'];
  if (result.state === 'unknown' || result.state === 'verifying') return [];
  // Everything else says that the effect is not there.
  return isThere ? [`it is ${result.state}, but its effect is there`] : [];
}

async function tryCut(
  one: Case,
  version: '6.5' | '8.5',
  cut: Cut,
): Promise<{ lies: readonly string[]; told: string }> {
  const arena = await openArena({ simulator: { version } });
  try {
    const outcome = await applyCut(arena, one, cut);
    const wrong = findWrongOutcome(arena, one, outcome);
    arena.proxy.toll = () => 'pass';
    const engine = await settle(arena, 'recover');
    for (const { runId } of await engine.leases.list({ states: ['planned', 'active'] })) {
      await engine.leases.end(runId, { reason: 'the test is over' });
    }
    const isLease = one.action === 'drain_store';
    const lies = await findLies(arena, engine, {
      purpose: 'change',
      // A drain has ended by now; what was drained by hand may be drained still.
      ...(isLease || one.comesByItself === true ? {} : { isThere: one.isThere }),
      ...(one.action === 'undrain_store' ? { drainedByHand: [4] } : {}),
    });
    const hits = arena.proxy.changes().filter(({ runId }) => runId !== null);
    const twice = hits.length > 1 && !isLease ? [`${hits.length} changes came by`] : [];
    const told = outcome.error?.code ?? outcome.result?.state ?? '';
    return { lies: [...wrong, ...twice, ...lies], told };
  } catch (error) {
    return { lies: [String(error)], told: '' };
  } finally {
    await arena.close();
  }
}

/** Reads change nothing, so that PD may as well not have seen them. */
function cutsOf({ requests, changes }: Outcome): readonly Cut[] {
  return Array.from({ length: requests }, (_, nth): readonly Cut[] => {
    const isChange = changes.includes(nth);
    const places = (Object.keys(CUTS) as Cut['where'][]).filter(
      (where) =>
        isSoak ||
        isChange ||
        where === 'inside' ||
        (where === 'before' && nth % 2 === 0) ||
        (where === 'after' && nth % 2 === 1),
    );
    return places.map((where) => ({ nth, where }));
  }).flat();
}

describe.concurrent.each(VERSIONS)('between the client and PD %s', (version) => {
  test.for(CASES.map((one) => [one.action, one] as const))(
    'each connection of %s is cut',
    { timeout: LONG },
    async ([, one]) => {
      const arena = await openArena({ simulator: { version } });
      const whole = await applyCut(arena, one, null);
      await arena.close();
      expect(whole).toMatchObject({
        result: { state: 'succeeded' },
        changes: [expect.any(Number)],
      });
      const cuts = cutsOf(whole);
      const tried = await inParallel(cuts, AT_ONCE, async (cut) => {
        const { lies, told } = await tryCut(one, version, cut);
        return { told, lies: lies.map((lie) => `cut ${cut.where} of request ${cut.nth}: ${lie}`) };
      });
      expect(tried.flatMap(({ lies }) => lies)).toEqual([]);
      // Otherwise nothing was cut.
      expect(new Set(tried.map(({ told }) => told)).size).toBeGreaterThan(1);
    },
  );
});
