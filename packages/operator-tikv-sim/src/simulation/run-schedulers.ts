import { type Peer, isVoting } from '../world/cluster/peer.ts';
import type { Region } from '../world/cluster/region.ts';
import type { Store } from '../world/cluster/store.ts';
import { isTiFlash } from '../world/cluster/store.ts';
import { mayLead, stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { PRIORITY } from '../world/operators/operator.ts';
import { rulesLetLead } from '../world/placement-of.ts';
import { BALANCE_LEADER, EVICT_LEADER, GRANT_LEADER } from '../world/schedulers/scheduler-names.ts';

/** After a change the schedulers turn almost at once. */
const START_MS = 10;
const BUSY_MS = 100;
const IDLE_MS = 2_000;
/** PD leaves differences of a few leaders alone. */
const TOLERANCE = 5;
const BALANCE_MS = 500;

/** Starts the loop in which the schedulers make operators; it turns at once when a scheduler was changed. */
export function startSchedulers(world: World): void {
  let balancedAt = 0;
  let isBalancing = false;
  let latest = 0;
  const plan = (delayMs: number): void => {
    latest += 1;
    const mine = latest;
    world.clock.schedule(delayMs, () => {
      if (mine === latest) turn();
    });
  };
  const turn = (): void => {
    const now = world.clock.now();
    if (canSchedule(world)) {
      evictLeaders(world);
      grantLeaders(world);
    }
    if (canSchedule(world) && now - balancedAt >= BALANCE_MS) {
      balancedAt = now;
      isBalancing = balanceLeaders(world) > 0;
    }
    plan(isBalancing || hasWork(world) ? BUSY_MS : IDLE_MS);
  };
  world.schedulers.onChange(() => plan(START_MS));
  plan(BUSY_MS);
}

function canSchedule(world: World): boolean {
  const { leadership, faults, config } = world;
  return leadership.leader !== undefined && !faults.indexFrozen && !config.isHalted();
}

/** While stores are being emptied or filled the loop stays quick. */
function hasWork(world: World): boolean {
  const listed = [
    ...world.schedulers.storesOf(EVICT_LEADER),
    ...world.schedulers.storesOf(GRANT_LEADER),
  ];
  return listed.length > 0 && canSchedule(world);
}

function mayAdd(world: World): boolean {
  return world.operators.countOf('leader') < world.config.leaderScheduleLimit();
}

/** Leaders leave the listed stores, a few operators a turn and within the leader schedule limit. */
function evictLeaders(world: World): void {
  if (!world.schedulers.isActive(EVICT_LEADER)) return;
  for (const storeId of world.schedulers.storesOf(EVICT_LEADER)) {
    const store = world.topology.stores.get(storeId);
    if (store === undefined || !mayAdd(world)) continue;
    evictFrom(world, store, world.profile.isModern ? world.schedulers.evictBatch : 3);
  }
}

function evictFrom(world: World, store: Store, batch: number): void {
  let made = 0;
  for (const region of store.leading) {
    if (made >= batch) break;
    if (!region.reported || world.operators.isOccupied(region.id)) continue;
    const targets = leaderTargets(world, region);
    const [target] = targets.toSorted(
      (one, other) => leadersOf(world, one) - leadersOf(world, other),
    );
    if (target === undefined) continue;
    const list = targets.map((peer) => peer.storeId).toSorted((one, other) => one - other);
    const brief = `evict leader: from store ${store.id} to one in [${list.join(' ')}], or to ${target.storeId} (for compatibility)`;
    made += addLeaderMove(world, region, {
      to: target.storeId,
      brief,
      description: world.profile.evictLeaderDescription,
    });
  }
}

/** Leaders come to the listed stores. */
function grantLeaders(world: World): void {
  if (!world.schedulers.isActive(GRANT_LEADER)) return;
  for (const storeId of world.schedulers.storesOf(GRANT_LEADER)) {
    for (const region of world.topology.stores.get(storeId)?.hosting ?? []) {
      if (!mayAdd(world)) return;
      const peer = region.peers.find((candidate) => candidate.storeId === storeId);
      if (region.leader === peer || peer?.role !== 'Voter' || world.operators.isOccupied(region.id))
        continue;
      const brief = `transfer leader: store ${region.leader?.storeId ?? 0} to ${storeId}`;
      addLeaderMove(world, region, { to: storeId, brief, description: 'grant-leader' });
    }
  }
}

/** The store with most leaders gives to the one with fewest, until they differ by little. */
function balanceLeaders(world: World): number {
  if (!world.schedulers.isActive(BALANCE_LEADER)) return 0;
  const stores = [...world.topology.stores.values()].filter((store) => mayLead(world, store.id));
  let made = 0;
  for (let turn = 0; turn < world.schedulers.balanceLeaderBatch && mayAdd(world); turn += 1) {
    const pair = balancePair(world, stores);
    if (pair === undefined) return made;
    const brief = `transfer leader: store ${pair.source.id} to ${pair.target.id}`;
    made += addLeaderMove(world, pair.region, {
      to: pair.target.id,
      brief,
      description: BALANCE_LEADER,
      priority: PRIORITY.low,
    });
  }
  return made;
}

interface BalancePair {
  readonly source: Store;
  readonly target: Store;
  readonly region: Region;
}

function balancePair(world: World, stores: readonly Store[]): BalancePair | undefined {
  const scores = new Map(stores.map((store) => [store, leaderScore(world, store)] as const));
  const score = (store: Store): number => scores.get(store) ?? 0;
  const sorted = stores.toSorted((one, other) => score(one) - score(other));
  const target = sorted[0];
  if (target === undefined) return undefined;
  for (const source of sorted.toReversed()) {
    if (score(source) - score(target) <= TOLERANCE) return undefined;
    const region = movable(world, source, target);
    if (region !== undefined) return { source, target, region };
  }
  return undefined;
}

function leaderScore(world: World, store: Store): number {
  return (store.counts.leaders + moving(world, store.id)) / Math.max(store.leaderWeight, 1e-6);
}

/** Leaders on their way to a store less those on their way from it. */
function moving(world: World, storeId: number): number {
  let sum = 0;
  for (const operator of world.operators.allRunning()) {
    const step = operator.steps[operator.currentStep];
    if (step?.kind !== 'transfer_leader') continue;
    if (step.to === storeId) sum += 1;
    if (step.from === storeId) sum -= 1;
  }
  return sum;
}

function movable(world: World, source: Store, target: Store): Region | undefined {
  for (const region of source.leading) {
    const peer = region.peers.find((candidate) => candidate.storeId === target.id);
    const isFree =
      region.reported &&
      !world.operators.isOccupied(region.id) &&
      region.pending.size + region.down.size === 0;
    if (isFree && peer?.role === 'Voter' && rulesLetLead(world, region, target.id)) return region;
  }
  return undefined;
}

interface LeaderMove {
  readonly to: number;
  readonly brief: string;
  readonly description: string;
  readonly priority?: number;
}

function addLeaderMove(world: World, region: Region, move: LeaderMove): number {
  const from = region.leader?.storeId;
  if (from === undefined) return 0;
  const operator = world.operators.add(region, {
    description: move.description,
    brief: move.brief,
    kinds: ['leader'],
    priority: move.priority ?? PRIORITY.urgent,
    steps: [{ kind: 'transfer_leader', from, to: move.to }],
  });
  return operator === undefined ? 0 : 1;
}

function leaderTargets(world: World, region: Region): Peer[] {
  return region.peers.filter((peer) => {
    const store = world.topology.stores.get(peer.storeId);
    const isFit =
      peer !== region.leader && isVoting(peer) && peer.role === 'Voter' && store !== undefined;
    return (
      isFit &&
      !isTiFlash(store) &&
      stateName(world, store) === 'Up' &&
      mayLead(world, peer.storeId) &&
      rulesLetLead(world, region, peer.storeId) &&
      !isLagging(region, peer)
    );
  });
}

function isLagging(region: Region, peer: Peer): boolean {
  return region.pending.has(peer.storeId) || region.down.has(peer.storeId);
}

function leadersOf(world: World, peer: Peer): number {
  return world.topology.stores.get(peer.storeId)?.counts.leaders ?? 0;
}
