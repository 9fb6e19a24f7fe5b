import { advise, isJsonObject, refuse, toRemedy } from 'operator-core';
import type { JsonObject, JsonValue, NextOperation, Refusal, Refused, Remedy } from 'operator-core';
import { allowLeaderMoves, observe, run, verify } from '../../errors/operations.ts';

const UNDRAIN = run('undrain_store', { store_id: null });
const OBSERVE_REGION = observe('region', { region_id: null });

/** Meaning and remedy of each refusal of this plugin. The list is closed. */
const REFUSALS = {
  CLUSTER_NOT_READY: {
    meaning: 'The PD leader has just started and does not know the whole cluster yet.',
    remedy:
      'Wait until the stores have reported (10 s after a PD leader starts) and the regions (up to a minute), then plan again.',
  },
  REGION_NOT_FOUND: {
    meaning: 'PD knows no region with this id; it may have been merged into its neighbour.',
    remedy: advise`Find the region by one of its keys: ${observe('region', { key: null })}.`,
  },
  REGION_HAS_NO_LEADER: {
    meaning: 'PD knows no leader of the region, so that no store could carry out the change.',
    remedy:
      'Find out which of its stores are down; a region without a majority needs recovery first.',
  },
  REGION_IN_JOINT_STATE: {
    meaning: 'The region is in the middle of a membership change.',
    remedy: 'Wait until the running membership change has ended, then plan again.',
  },
  STORE_NOT_FOUND: {
    meaning: 'PD knows no store with this id.',
    remedy: advise`List the stores: ${observe('stores')}.`,
  },
  STORE_TOMBSTONE: {
    meaning: 'The store has been removed from the cluster.',
    remedy: advise`Choose a store that is Up: ${observe('stores')}.`,
  },
  STORE_OFFLINE: {
    meaning:
      'The store is being removed from the cluster: data that is moved there must leave again.',
    remedy: 'Choose a store that is Up, or cancel the removal of this one first.',
  },
  STORE_DOWN: {
    meaning: 'The store has been silent for longer than max-store-down-time.',
    remedy: 'Choose a store that is Up, or bring this one back first.',
  },
  STORE_DISCONNECTED: {
    meaning: 'The store has been silent for more than 20 seconds.',
    remedy: 'Choose a store that is Up, or wait until this one sends heartbeats again.',
  },
  STORE_SILENT: {
    meaning:
      'The store has missed a heartbeat. PD still shows it as Up, but would wait for it in vain if it is dead.',
    remedy:
      'Wait 20 seconds: by then the store has sent a heartbeat, or PD shows it as Disconnected.',
  },
  STORE_UNHEALTHY: {
    meaning: 'PD has received no heartbeat of the store for more than ten minutes.',
    remedy: 'Choose a store that is Up, or bring this one back first.',
  },
  STORE_BUSY: {
    meaning: 'The store reports that it is busy; PD moves no leader to a busy store.',
    remedy: 'Choose another store, or wait until the store is no longer busy.',
  },
  STORE_IS_TIFLASH: {
    meaning: 'The store is a TiFlash store, which holds learners and never leaders.',
    remedy: advise`Choose a TiKV store: ${observe('stores')}.`,
  },
  STORE_BEING_DRAINED: {
    meaning:
      'Leaders are being evicted from the store: a leader that is moved there would be moved away again.',
    remedy: advise`Choose another store, or end the drain first: ${UNDRAIN}.`,
  },
  STORE_PAUSED: {
    meaning:
      'Another scheduler of PD holds the store: it moves leaders there, or has paused its leader transfers.',
    remedy: advise`Find the scheduler that holds it (${observe('schedulers')}) and remove it first.`,
  },
  SAME_STORE: {
    meaning: 'Source and target are the same store.',
    remedy: 'Name two different stores.',
  },
  NO_VOTER_ON_STORE: {
    meaning: 'The region has no voter on the store, and only a voter can lead.',
    remedy: advise`Choose a store that holds a voter of the region: ${OBSERVE_REGION}.`,
  },
  NO_PEER_ON_STORE: {
    meaning: 'The region has no peer on the source store.',
    remedy: advise`Choose a store that holds a peer of the region: ${OBSERVE_REGION}.`,
  },
  PEER_ALREADY_ON_STORE: {
    meaning: 'The region already has a peer on the target store; a store holds one at most.',
    remedy: 'Choose a store that holds no peer of the region.',
  },
  PEER_PENDING: {
    meaning: 'The peer on the store lags behind and cannot lead yet.',
    remedy: 'Wait until the peer has caught up, or choose another store.',
  },
  PEER_DOWN: {
    meaning: 'The peer on the store is down.',
    remedy: 'Choose a store whose peer is healthy.',
  },
  QUORUM_AT_RISK: {
    meaning:
      'During or after the move the region would have too few healthy voters for a majority.',
    remedy:
      'Bring the missing stores back, or move the peer that is down instead of a healthy one.',
  },
  OPERATOR_RUNNING: {
    meaning:
      'An operator of the highest priority runs on the region (of an administrator, an eviction, a failover); PD replaces none.',
    remedy: advise`Wait until it has ended, or cancel it: ${run('cancel_operator', { region_id: null })}.`,
  },
  LAST_LEADER_STORE: {
    meaning: 'No other store would be left that may hold leaders.',
    remedy: 'End another drain first, or bring another store back.',
  },
  LEADERS_STAY: {
    meaning: 'PD has no other store for the leaders of some regions: the drain would never end.',
    remedy:
      'End another drain, or give the regions a voter on another store; or accept with accept_staying that they stay.',
  },
  DRAIN_EXISTS: {
    meaning:
      'Leaders are already being evicted from the store, by a drain that this plan did not start.',
    remedy: advise`Watch that drain with ${verify('drain_store', { store_id: null })}. To take it over, end it first with ${UNDRAIN}.`,
  },
  DRAIN_NOT_FOUND: {
    meaning:
      'The store is no longer in the evict-leader scheduler: another user or program ended the drain.',
    remedy: advise`Nothing is left to end. Look at the stores: ${observe('stores')}.`,
  },
  LEADER_SCHEDULING_OFF: {
    meaning: 'PD is configured to move no leaders, so that a drain would never end.',
    remedy: advise`Allow it first (${allowLeaderMoves}), or lift halt-scheduling.`,
  },
  SCHEDULER_PAUSED: {
    meaning: 'The evict-leader scheduler exists but is paused, so that a drain would not begin.',
    remedy: 'Resume the scheduler first.',
  },
  SCHEDULER_EXISTS: {
    meaning:
      'Another user or program created the evict-leader scheduler at the same moment, and PD did not add this store to it.',
    remedy: 'Plan again: the store is then added to the existing scheduler.',
  },
  LEADER_NOT_ALLOWED: {
    meaning:
      'PD allows no leader on the store: by a placement rule, a label property, a witness, or because it evicts a slow store.',
    remedy: 'Choose another store; check labels, rules and slow stores for the reason.',
  },
  RULE_NOT_MET: {
    meaning:
      "The change breaks a placement rule, so that PD's checkers would take it back, or PD found no way that its rules allow.",
    remedy:
      'Choose a store whose labels the rule names, or change the rule first: pd-ctl config placement-rules show',
  },
  PLACEMENT_UNKNOWN: {
    meaning: 'The placement rules of the region could not be read or understood.',
    remedy: advise`Find out why PD does not return them (${{ operation: 'doctor' }}), then plan again.`,
  },
  ISOLATION_LOST: {
    meaning:
      "The move would put voters into one failure domain that isolation-level keeps apart, or that PD's checkers would separate again.",
    remedy: 'Choose a store in a failure domain that holds no other voter of the region.',
  },
  STORE_LOW_SPACE: {
    meaning: 'The store has too little space, or would have with the data of the region.',
    remedy: advise`Choose another store, or make space on this one first: ${observe('stores')}.`,
  },
  OPERATOR_NOT_ADDED: {
    meaning:
      'PD did not take the operator: the region changed, vanished, or has another operator that PD does not replace.',
    remedy: 'Plan again: the refusal then names the obstacle.',
  },
  SETTING_OVERRIDDEN: {
    meaning:
      'A temporary value of the setting is in force; PD changes the permanent one only after that has ended.',
    remedy:
      'Wait until the temporary value has expired, or end the task that set it (a restore, an import).',
  },
  OPERATOR_NOT_FOUND: {
    meaning: 'No operator runs on the region any more.',
    remedy: advise`Nothing is left to cancel. Look at the region: ${OBSERVE_REGION}.`,
  },
} as const satisfies Readonly<Record<string, { meaning: string; remedy: string | Remedy }>>;

/** A refusal code of this plugin. */
export type RefusalCode = keyof typeof REFUSALS;

/** Every refusal code of this plugin, with its meaning. */
export const refusals: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(REFUSALS).map(([code, { meaning }]) => [code, meaning]),
);

/** A refusal with the remedy that belongs to its code. */
export function toRefusal(code: RefusalCode, message: string, facts: JsonObject): Refusal {
  const { text, next } = toRemedy(REFUSALS[code].remedy);
  return { code, message, facts, remedy: { text, next: next.map((one) => fillIds(one, facts)) } };
}

/** An operation with the region and the store of the facts, so that it can be carried out as it is. */
function fillIds(one: NextOperation, { regionId, storeId }: JsonObject): NextOperation {
  const { parameters } = one;
  if (!isJsonObject(parameters)) return one;
  const known: JsonObject = { region_id: toId(regionId), store_id: toId(storeId) };
  const filled = Object.entries(parameters).map(([name, value]) => [
    name,
    value ?? known[name] ?? null,
  ]);
  return { ...one, parameters: Object.fromEntries(filled) };
}

function toId(value: JsonValue | undefined): JsonValue {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** Name of the standing effect of a drain. */
export const DRAIN_EFFECT = 'evict-leader';

/** Facts about a drained store. */
type DrainFacts = JsonObject & { readonly storeId: string };

/** Ends planning at any point. Only {@link orRefused} catches it. */
class PlanRefused extends Error {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.refusal.message);
    this.refused = refused;
  }
}

/** Refuses the plan that is being made: the checks of a plan then read as a list of requirements. */
export function refuseWith(code: RefusalCode, message: string, facts: JsonObject): never {
  throw new PlanRefused(refuse(toRefusal(code, message, facts)));
}

/** Refuses the plan because of a drain in force; the host adds the lease of the drain, if it has one. */
export function refuseForDrain(code: RefusalCode, message: string, facts: DrainFacts): never {
  const effect = { name: DRAIN_EFFECT, resource: `store:${facts.storeId}` };
  throw new PlanRefused(refuse(toRefusal(code, message, facts), effect));
}

/** Result of `plan`, or the refusal of one of its checks. */
export async function orRefused<Outcome>(plan: () => Promise<Outcome>): Promise<Outcome | Refused> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof PlanRefused) return error.refused;
    throw error;
  }
}
