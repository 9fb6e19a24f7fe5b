import type { Verification } from 'operator-core';
import { EVICT_LEADER_SCHEDULER } from '../../pd/index.ts';
import type { PDStore } from '../../pd/index.ts';
import { orUnknown } from '../../reads/or-unknown.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { describeStaying, findStaying, stayingFacts } from './staying-regions.ts';
import type { Staying } from './staying-regions.ts';
import type { DrainContext } from './drain-context.ts';

/** PD gives a leader 60 s to move: one that does not move within two attempts will not move by itself. */
const GIVEN_UP_MS = 125_000;

/** A drain without progress, with its readings. */
export interface Standstill {
  readonly store: PDStore;
  readonly stores: readonly PDStore[];
  readonly scheduling: Scheduling;
  /** Milliseconds since the number of leaders fell. */
  readonly stillMs: number;
}

/** Looks at each region that the store still leads: whether it can leave, and whether PD moves leaders at all. */
export async function lookAtRest(context: DrainContext, found: Standstill): Promise<Verification> {
  const { signal, parameters } = context;
  const { pd } = context.subject;
  const [config, paused, groups] = await Promise.all([
    pd.getConfig({ signal }),
    pd.getPausedSchedulers({ signal }),
    orUnknown(pd.getRuleGroups({ signal }), { signal }),
  ]);
  if (isSilent(found.store)) return silent(found);
  const staying = await findStaying(pd, { ...found, config, groups }, { signal });
  const isBlocked = staying.led > 0 && staying.lasting + staying.passing >= staying.led;
  if (isBlocked) return blocked(found, staying, parameters.accept_staying ?? 0);
  const isPaused = paused.some(({ name }) => name === EVICT_LEADER_SCHEDULER);
  return movable(found, staying, whyNothingMoves(config.schedule, isPaused));
}

function isSilent({ state }: PDStore): boolean {
  return state === 'Disconnected' || state === 'Down';
}

/** Leaders of a silent store move by election alone; those that stay have no majority. */
function silent({ store, stillMs }: Standstill): Verification {
  const summary = `Store ${store.id} is ${store.state} and PD counts ${store.leaderCount} leaders on it: PD cannot ask them to move, and regions without a majority elect no other.`;
  return {
    state: stillMs > GIVEN_UP_MS ? 'failed' : 'pending',
    summary,
    facts: { storeState: store.state },
  };
}

function blocked({ store, stillMs }: Standstill, staying: Staying, accepted: number): Verification {
  const facts = stayingFacts(staying);
  const count = staying.lasting + staying.passing;
  const regions = `${count} region${count === 1 ? ' stays' : 's stay'}: ${describeStaying(staying)}`;
  if (staying.passing === 0 && count <= accepted) {
    const summary = `Store ${store.id} is in the evict-leader list and leads no region but those that cannot leave, as accepted: ${regions}.`;
    return { state: 'reached', summary, facts };
  }
  const isOver = staying.passing === 0 || stillMs > GIVEN_UP_MS;
  const outlook = isOver
    ? `No more can move; all others have left store ${store.id}, which stays in the evict-leader list`
    : 'They can move as soon as a peer or a store has recovered';
  return { state: isOver ? 'failed' : 'pending', summary: `${regions}. ${outlook}.`, facts };
}

function movable({ store }: Standstill, staying: Staying, reason: string | null): Verification {
  const facts = { ...stayingFacts(staying), ...(reason === null ? {} : { standstill: reason }) };
  const stay = staying.lasting + staying.passing;
  const summary = [
    `Store ${store.id} still leads ${store.leaderCount} regions.`,
    ...(reason === null ? [] : [`${reason}.`]),
    ...(stay === 0 ? [] : [`${stay} of them cannot leave: ${describeStaying(staying)}.`]),
  ].join(' ');
  return { state: 'pending', summary, facts };
}

function whyNothingMoves(
  schedule: { readonly leaderScheduleLimit: number; readonly haltScheduling: boolean },
  isPaused: boolean,
): string | null {
  if (schedule.haltScheduling) return 'PD schedules nothing: halt-scheduling is set';
  if (schedule.leaderScheduleLimit === 0)
    return 'PD moves no leaders: leader-schedule-limit is 0 (set_leader_schedule_limit raises it)';
  return isPaused ? `The ${EVICT_LEADER_SCHEDULER} is paused (pd-ctl scheduler resume)` : null;
}
