import type { JsonObject, Plan } from 'operator-core';
import { RUN_STATES, RUN_TRANSITIONS } from 'operator-engine';
import type { Engine, RunState } from 'operator-engine';
import { drain } from './arena.ts';
import type { Arena, ArenaOptions, Era } from './arena.ts';
import { HOUR, MINUTE } from './clocks.ts';
import { pathTo } from './walk.ts';
import type { Step } from './worker-task.ts';

/** When what a scenario needs was done before. */
const LONG_AGO: Era = { behindMs: 3 * HOUR, boot: 'the first start' };
/** When the deadlines of what was done long ago are over. */
const NOT_SO_LONG_AGO: Era = { behindMs: 2.5 * HOUR, boot: 'a start between' };
/**
 * When the process works that is killed. A pause of the machine of an hour and more would be a jump of the
 * clock that holds its leases.
 */
export const BEFORE: Era = { behindMs: 50 * MINUTE, boot: 'the second start' };

/** As {@link BEFORE}, where its request is still on its way. */
export const JUST_NOW: Era = { behindMs: 0, boot: 'the second start' };
/** When everything is settled that was done just now: its leases are over by then. */
export const LATER: Era = { behindMs: -50 * MINUTE, boot: 'the third start' };

/** What a process does that is killed at every point of it. */
export interface Scenario {
  readonly name: string;
  /** `every`: killed at every point; `last`: where it does what the scenario is about, at its end. */
  readonly points: 'every' | 'last';
  readonly options?: ArenaOptions;
  /** Brings the world to where the process begins; what it does. */
  readonly prepare: (arena: Arena) => Promise<readonly Step[]>;
  /** Whether what the process wants is in force; left out: it wants nothing of PD, or its lease ends by itself. */
  readonly isThere?: (arena: Arena) => boolean;
}

const LEADER = { region_id: 9, to_store_id: '3' } as const;
const LEASE_MS = 30 * MINUTE;

const leads =
  (storeId: number) =>
  (arena: Arena): boolean =>
    arena.sim.model.region(9)?.leaderStoreId === storeId;

/** Requires one consent, which the requester may give. */
const ASK_ONE = `
rules:
  - id: ask
    when: {}
    decision: needs_approval
    approval: { count: 1, requesterMayApprove: true }
    reason: Somebody has to look at it.
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;
const DENY_ALL = `
rules:
  - { id: none, when: {}, decision: deny, reason: Nothing may be tried here. }
`;

/** A plan made when the process begins, and valid for longer than the process may take to be found. */
async function planBefore(arena: Arena, action: string, parameters: JsonObject): Promise<Plan> {
  return arena.plan(await arena.engine(BEFORE), action, parameters, { validForMs: 3 * HOUR });
}

async function planLeader(arena: Arena): Promise<Plan> {
  return planBefore(arena, 'transfer_leader', LEADER);
}

/** A plan that is over when the process begins. */
async function planLeaderLongAgo(arena: Arena): Promise<Plan> {
  return arena.plan(await long(arena), 'transfer_leader', LEADER);
}

async function long(arena: Arena): Promise<Engine> {
  return arena.engine(LONG_AGO);
}

/** A run of long ago that was let go as soon as its request was sent. */
async function abandon(arena: Arena, engine: Engine): Promise<string> {
  const subject = await engine.openSubject();
  const plan = await arena.plan(engine, 'transfer_leader', LEADER);
  for await (const event of subject.apply(plan)) {
    if (event.kind === 'sent') return event.runId;
  }
  throw new Error('nothing was sent');
}

/** The next change does not reach PD, and its answer is lost. */
function loseNextChange(arena: Arena): void {
  arena.proxy.toll = (passing) => {
    if (!passing.isChange) return 'pass';
    arena.proxy.toll = () => 'pass';
    return 'cut';
  };
}

/** From now on no answer tells of the region. */
function hideRegion(arena: Arena): void {
  arena.proxy.toll = ({ path }) => (path.startsWith('/pd/api/v1/region/id/9') ? 'cut' : 'pass');
}

/** A run of long ago whose outcome is unknown. */
async function makeUnknown(arena: Arena): Promise<string> {
  loseNextChange(arena);
  const runId = await abandon(arena, await long(arena));
  hideRegion(arena);
  const [recovered] = await (await arena.engine(NOT_SO_LONG_AGO)).runs.recover();
  if (recovered?.state !== 'unknown') throw new Error(`it was ${recovered?.state}`);
  arena.proxy.toll = () => 'pass';
  return runId;
}

async function moveLeaderByHand(arena: Arena, toStoreId: number): Promise<void> {
  const body = { name: 'transfer-leader', region_id: 9, to_store_id: toStoreId };
  await arena.byHand('POST', '/operators', body);
  arena.sim.clock.advance(10_000);
  if (!leads(toStoreId)(arena)) throw new Error('the leader did not move');
}

/** Each kind of run that there is, from its beginning to its end. */
export const KINDS: readonly Scenario[] = [
  {
    name: 'an operator',
    points: 'every',
    prepare: async (arena) => [{ do: 'apply', plan: await planLeader(arena) }],
    isThere: leads(3),
  },
  {
    name: 'a lease',
    points: 'every',
    prepare: async (arena) => {
      const plan = await planBefore(arena, 'drain_store', { store_id: '4' });
      return [{ do: 'apply', plan, leaseMs: LEASE_MS }];
    },
  },
  {
    name: 'a configuration',
    points: 'every',
    prepare: async (arena) => {
      const plan = await planBefore(arena, 'set_leader_schedule_limit', { limit: 8 });
      return [{ do: 'apply', plan }];
    },
    isThere: ({ sim }) => sim.model.scheduleConfig()['leader-schedule-limit'] === 8,
  },
  {
    name: 'a cancel',
    points: 'every',
    prepare: async (arena) => {
      const plan = await planLeader(arena);
      arena.sim.faults.holdOperators();
      return [{ do: 'apply', plan, cancelAt: 'verifying' }];
    },
    isThere: leads(3),
  },
  {
    name: 'an undo',
    points: 'every',
    prepare: async (arena) => {
      const engine = await long(arena);
      const subject = await engine.openSubject();
      const plan = await arena.plan(engine, 'transfer_leader', LEADER);
      const { result } = await drain(subject.apply(plan));
      return [{ do: 'undo', runId: result.runId }];
    },
    isThere: leads(1),
  },
  {
    name: 'the end of a lease',
    points: 'every',
    prepare: async (arena) => {
      const engine = await long(arena);
      const subject = await engine.openSubject();
      const plan = await arena.plan(engine, 'drain_store', { store_id: '4' });
      const { result } = await drain(subject.apply(plan, { leaseMs: HOUR }));
      return [{ do: 'end_lease', runId: result.runId }];
    },
    isThere: ({ sim }) => !sim.model.evictedStores().includes(4),
  },
  {
    name: 'a run that waits for consent',
    points: 'every',
    options: { policy: ASK_ONE },
    prepare: async (arena) => {
      const plan = await planLeader(arena);
      return [{ do: 'apply', plan }, { do: 'approve' }, { do: 'resume' }];
    },
    isThere: leads(3),
  },
  {
    name: 'a run that is followed and taken over',
    points: 'every',
    prepare: async (arena) => {
      const runId = await abandon(arena, await long(arena));
      return [{ do: 'follow', runId }];
    },
    isThere: leads(3),
  },
  {
    name: 'a recovery',
    points: 'every',
    prepare: async (arena) => {
      await abandon(arena, await long(arena));
      return [{ do: 'recover' }];
    },
    isThere: leads(3),
  },
];

/** Every other way that a run can end: each is about its last transition. */
export const ENDINGS: readonly Scenario[] = [
  {
    name: 'policy says no',
    points: 'last',
    options: { policy: DENY_ALL },
    prepare: async (arena) => [{ do: 'request', plan: await planLeader(arena) }],
    isThere: leads(3),
  },
  {
    name: 'a person says no',
    points: 'last',
    options: { policy: ASK_ONE },
    prepare: async (arena) => {
      return [{ do: 'request', plan: await planLeader(arena) }, { do: 'reject' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what waits for consent is cancelled',
    points: 'last',
    options: { policy: ASK_ONE },
    prepare: async (arena) => {
      return [{ do: 'request', plan: await planLeader(arena) }, { do: 'cancel' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what waits for consent expires',
    points: 'last',
    options: { policy: ASK_ONE, limits: { decideWithinMs: MINUTE } },
    prepare: async (arena) => {
      const subject = await (await long(arena)).openSubject();
      await subject.submit(await planLeaderLongAgo(arena));
      return [{ do: 'expire' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what nobody decided about is decided about too late',
    points: 'last',
    prepare: async (arena) => {
      const ledger = await (await long(arena)).openLedger();
      const requester = { kind: 'person', name: 'ada' } as const;
      const plan = await planLeaderLongAgo(arena);
      await ledger.runs.create({ plan, requester, expiresInMs: MINUTE });
      return [{ do: 'recover' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what nobody decided about is cancelled',
    points: 'last',
    prepare: async (arena) => {
      return [{ do: 'create', plan: await planLeader(arena) }, { do: 'cancel' }];
    },
    isThere: leads(3),
  },
  {
    name: 'the world has changed since the plan',
    points: 'last',
    prepare: async (arena) => {
      const plan = await planLeader(arena);
      const subject = await (await arena.engine(BEFORE)).openSubject();
      await subject.submit(plan);
      await moveLeaderByHand(arena, 2);
      return [{ do: 'apply', plan }];
    },
    isThere: leads(3),
  },
  {
    name: 'what may run expires',
    points: 'last',
    prepare: async (arena) => {
      const subject = await (await long(arena)).openSubject();
      await subject.submit(await planLeaderLongAgo(arena));
      return [{ do: 'expire' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what may run is cancelled',
    points: 'last',
    prepare: async (arena) => {
      return [{ do: 'request', plan: await planLeader(arena) }, { do: 'cancel' }];
    },
    isThere: leads(3),
  },
  {
    name: 'PD says no',
    points: 'last',
    prepare: async (arena) => {
      const plan = await planLeader(arena);
      arena.sim.faults.refuseOperator({});
      return [{ do: 'apply', plan }];
    },
    isThere: leads(3),
  },
  {
    name: 'nobody asks on before anything is sent',
    points: 'last',
    prepare: async (arena) => {
      return [{ do: 'apply', plan: await planLeader(arena), endAt: 'sending' }];
    },
    isThere: leads(3),
  },
  {
    name: 'PD gives up',
    points: 'last',
    prepare: async (arena) => {
      const plan = await planLeader(arena);
      arena.sim.faults.leaveUnstarted();
      return [{ do: 'apply', plan }];
    },
    isThere: leads(3),
  },
  {
    name: 'nobody can tell',
    points: 'last',
    prepare: async (arena) => {
      loseNextChange(arena);
      await abandon(arena, await long(arena));
      hideRegion(arena);
      return [{ do: 'recover' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what nobody could tell is seen after all, and may be the work of another',
    points: 'last',
    prepare: async (arena) => {
      await makeUnknown(arena);
      await moveLeaderByHand(arena, 3);
      return [{ do: 'recover' }];
    },
    isThere: leads(3),
  },
  {
    name: 'what PD gave up and did after all is undone',
    points: 'last',
    prepare: async (arena) => {
      arena.sim.faults.leaveUnstarted();
      const engine = await long(arena);
      const subject = await engine.openSubject();
      const plan = await arena.plan(engine, 'transfer_leader', LEADER);
      const { result } = await drain(subject.apply(plan));
      if (result.state !== 'ineffective') throw new Error(`it was ${result.state}`);
      // Until then PD has not given up what it has not started.
      arena.sim.clock.advance(10_000);
      await moveLeaderByHand(arena, 3);
      return [{ do: 'undo', runId: result.runId }];
    },
    isThere: leads(1),
  },
];

/** For each transition of the table that is not among `seen`: a way along it by the ledger alone. */
export function walks(seen: readonly string[]): readonly Scenario[] {
  const table: Readonly<Record<RunState, readonly RunState[]>> = RUN_TRANSITIONS;
  return RUN_STATES.flatMap((from) => table[from].map((to) => ({ from, to })))
    .filter(({ from, to }) => !seen.includes(`${from} → ${to}`))
    .map(({ from, to }) => ({
      name: `${from} → ${to}`,
      points: 'last',
      prepare: async (arena) => {
        return [{ do: 'walk', plan: await planLeader(arena), path: pathTo(from, to) }];
      },
    }));
}
