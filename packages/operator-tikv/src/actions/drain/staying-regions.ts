import { isUnknown } from 'operator-core';
import type { JsonObject, OrUnknown } from 'operator-core';
import type { PDClient } from '../../pd/pd-client.ts';
import type { PDConfig, PDPeer, PDRegion, PDRuleGroup, PDStore } from '../../pd/index.ts';
import { rejectingLabel, rulesAllowLeader } from '../../placement/labels.ts';
import { createRuleLookup } from '../../placement/rules-of-range.ts';
import type { RuleLookup } from '../../placement/rules-of-range.ts';
import { readLedRegions } from '../../reads/region-pages.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { isDown, isInJointState, isPending } from '../checks/check-region.ts';

/** Everything that decides where the leaders of a store can go. */
interface DrainSurroundings {
  readonly store: PDStore;
  readonly stores: readonly PDStore[];
  readonly scheduling: Scheduling;
  readonly config: PDConfig;
  /** `null`: placement rules are off. Unknown: rules are not counted as an obstacle. */
  readonly groups: OrUnknown<readonly PDRuleGroup[] | null>;
}

/** Reason that the leader of a region cannot leave. */
interface Stay {
  /** A clause without the region: `other voters on drained stores 1, 2`. */
  readonly reason: string;
  /** True when PD never ends it by itself. */
  readonly isLasting: boolean;
}

/** An obstacle to leading. Obstacles of one kind are reported together. */
interface Obstacle {
  /** Words before the stores: `on drained`, `pending on`. */
  readonly kind: string;
  readonly isLasting: boolean;
}

/** Regions that cannot leave a store, counted; the first ones by id and reason. */
export interface Staying {
  /** Number of regions that were read. */
  readonly led: number;
  readonly lasting: number;
  /** Regions that cannot leave now, but may as soon as a peer or store recovers. */
  readonly passing: number;
  readonly first: readonly { readonly regionId: number; readonly reason: string }[];
}

/** Number of regions that words and facts name; the others are counted. */
const NAMED = { words: 10, facts: 200 } as const;

/** Goes through the regions that the store leads, a page at a time, and counts those that cannot leave. */
export async function findStaying(
  pd: PDClient,
  surroundings: DrainSurroundings,
  options: { readonly signal: AbortSignal },
): Promise<Staying> {
  const judge = createStayJudge(surroundings);
  const counts = { led: 0, lasting: 0, passing: 0 };
  const [lasting, passing]: [Staying['first'][number][], Staying['first'][number][]] = [[], []];
  for await (const regions of readLedRegions(pd, surroundings.store, options)) {
    for (const region of regions) {
      counts.led += 1;
      const stay = judge(region);
      if (stay === null) continue;
      counts[stay.isLasting ? 'lasting' : 'passing'] += 1;
      const named = stay.isLasting ? lasting : passing;
      if (named.length < NAMED.facts) named.push({ regionId: region.id, reason: stay.reason });
    }
  }
  return { ...counts, first: [...lasting, ...passing].slice(0, NAMED.facts) };
}

/** `145, 149 (other voters on drained stores 1, 2); 151 (no other peer) and 26 more` */
export function describeStaying({ first, lasting, passing }: Staying): string {
  const told = first.slice(0, NAMED.words);
  const named = groupByReason(told).map(
    ({ reason, regionIds }) => `${regionIds.join(', ')} (${reason})`,
  );
  const more = lasting + passing - told.length;
  return named.join('; ') + (more > 0 ? ` and ${more} more` : '');
}

/** The facts of regions that cannot leave. */
export function stayingFacts({ first, lasting, passing }: Staying): JsonObject {
  return {
    staying: lasting + passing,
    stayingForGood: lasting,
    stayingRegions: groupByReason(first),
  };
}

function groupByReason(regions: Staying['first']): { reason: string; regionIds: number[] }[] {
  const byReason = Map.groupBy(regions, ({ reason }) => reason);
  return [...byReason].map(([reason, members]) => ({
    reason,
    regionIds: members.map(({ regionId }) => regionId),
  }));
}

/**
 * Creates a function that returns the reason why the leader of a region cannot leave: PD has no store for it.
 */
function createStayJudge(surroundings: DrainSurroundings): (region: PDRegion) => Stay | null {
  const { store, stores, groups, config } = surroundings;
  const byStore = new Map(stores.map((each) => [each.id, obstacleOf(each, surroundings)]));
  const labels = new Map(stores.map((each) => [each.id, each]));
  const isRuled = config.replication.enablePlacementRules && !isUnknown(groups) && groups !== null;
  const rulesOf: RuleLookup | null = isRuled ? createRuleLookup(groups) : null;
  return (region) => {
    if (region.peers.some(isInJointState)) return forNow('is changing its members');
    const rules = rulesOf?.(region);
    if (rules?.length === 0) return forNow('no placement rule applies to the whole of it');
    const voters = region.peers.filter((peer) => peer.storeId !== store.id && isCandidate(peer));
    if (voters.length === 0) return { reason: whyNoVoter(region, store.id), isLasting: true };
    const obstacles = voters.map((peer): [number, Obstacle | null] => {
      const target = labels.get(peer.storeId);
      const isKeptOff =
        rules !== undefined && target !== undefined && !rulesAllowLeader(target, rules);
      const own = target === undefined ? GONE : (byStore.get(peer.storeId) ?? null);
      return [peer.storeId, own ?? (isKeptOff ? RULED : unhealthy(region, peer))];
    });
    return obstacles.some(([, obstacle]) => obstacle === null) ? null : toStay(obstacles);
  };
}

const GONE: Obstacle = { kind: 'on removed', isLasting: true };
const RULED: Obstacle = { kind: 'kept from leading by placement rules on', isLasting: true };

function isCandidate({ role, isWitness }: PDPeer): boolean {
  return role === 'Voter' && !isWitness;
}

function whyNoVoter({ peers }: PDRegion, storeId: number): string {
  const others = peers.filter((peer) => peer.storeId !== storeId);
  if (others.length === 0) return 'no other peer';
  return others.some(({ isWitness }) => isWitness)
    ? 'learners and witnesses only elsewhere'
    : 'learners only elsewhere';
}

/** Finds the obstacle that keeps every leader from a store (pd `StoreStateFilter`); `null` when there is none. */
function obstacleOf(store: PDStore, { scheduling, config }: DrainSurroundings): Obstacle | null {
  if (store.isTiFlash) return forGood('on TiFlash');
  if (store.state === 'Offline') return forGood('on leaving');
  if (store.state === 'Down') return forGood('on down');
  if (scheduling.evictedStoreIds.includes(store.id)) return forGood('on drained');
  if (isHeld(store, scheduling)) return forGood('held by another scheduler on');
  const label = rejectingLabel(store, config.labelProperties);
  if (label !== null) return forGood(`kept from leading by the label property of ${label} on`);
  if (store.state === 'Disconnected' || !store.isHeard)
    return { kind: 'on silent', isLasting: false };
  return store.isBusy ? { kind: 'on busy', isLasting: false } : null;
}

function forGood(kind: string): Obstacle {
  return { kind, isLasting: true };
}

/**
 * Up to PD 8.5 a store that is granted leaders takes none from other schedulers; newer versions report which
 * direction is paused.
 */
function isHeld(store: PDStore, { grantedStoreIds }: Scheduling): boolean {
  if (store.pausesLeadersIn) return true;
  return grantedStoreIds.includes(store.id) && !store.pausesLeadersOut;
}

function unhealthy(region: PDRegion, peer: PDPeer): Obstacle | null {
  if (isDown(region, peer)) return { kind: 'down on', isLasting: false };
  return isPending(region, peer) ? { kind: 'pending on', isLasting: false } : null;
}

function forNow(reason: string): Stay {
  return { reason, isLasting: false };
}

function toStay(obstacles: readonly (readonly [number, Obstacle | null])[]): Stay {
  const byKind = new Map<string, number[]>();
  for (const [storeId, obstacle] of obstacles) {
    const kind = obstacle?.kind ?? '';
    byKind.set(kind, [...(byKind.get(kind) ?? []), storeId]);
  }
  const parts = [...byKind].map(([kind, ids]) => {
    const sorted = ids.toSorted((one, other) => one - other).join(', ');
    return `${kind} store${ids.length === 1 ? '' : 's'} ${sorted}`;
  });
  return {
    reason: `other voters ${parts.join(', ')}`,
    isLasting: obstacles.every(([, obstacle]) => obstacle?.isLasting === true),
  };
}
