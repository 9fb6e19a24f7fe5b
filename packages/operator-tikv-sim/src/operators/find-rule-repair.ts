import { type Peer, isVoting } from '../world/cluster/peer.ts';
import { type Region, knownLeader, peerOn } from '../world/cluster/region.ts';
import { isLowOnSpace } from '../world/space.ts';
import type { Store } from '../world/cluster/store.ts';
import { isUnhealthy, mayLead, stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { type RuleFit, isMet } from '../world/placement/fit-region.ts';
import { fitOf, rulesLetLead } from '../world/placement-of.ts';
import { type Rule, distance, meetsConstraints } from '../world/placement/rule.ts';
import { presentRoles } from './build-steps.ts';
import { type Repair, draftRepair, removeOrphan } from './repair-draft.ts';

/** True when the rules ask more of regions than a number of replicas. */
export function isRuled(world: World): boolean {
  return (
    world.placement.hasOwnRules() ||
    world.placement.all().some((rule) => rule.locationLabels.length > 0)
  );
}

/** Finds the one thing that PD's rule checker would do to a region now. */
export function findRuleRepair(world: World, region: Region): Repair {
  const fit = fitOf(world, region);
  const [orphan] = fit.orphans;
  if (
    orphan !== undefined &&
    fit.rules.every((each) => isMet(each) && isHealthy(world, region, each))
  )
    return removeOrphan(world, region, orphan);
  let repair: Repair = 'none';
  for (const each of fit.rules) {
    const found = fixRule(world, region, each);
    if (typeof found === 'object') return found;
    if (found === 'wait') repair = 'wait';
  }
  return repair;
}

function isHealthy(world: World, region: Region, fit: RuleFit): boolean {
  return fit.peers.every(({ storeId }) => {
    const store = world.topology.stores.get(storeId);
    const isReported = region.down.has(storeId) || region.pending.has(storeId);
    return store !== undefined && !isReported && !isLeaving(world, store, ['Disconnected']);
  });
}

function isLeaving(world: World, store: Store, more: readonly string[] = []): boolean {
  return ['Offline', 'Tombstone', 'Down', ...more].includes(stateName(world, store));
}

function fixRule(world: World, region: Region, fit: RuleFit): Repair {
  if (fit.peers.length < fit.rule.count)
    return place(world, region, { fit, description: 'add-rule-peer' });
  const leaving = fit.peers.find(({ storeId }) => {
    const store = world.topology.stores.get(storeId);
    return store !== undefined && isLeaving(world, store);
  });
  if (leaving !== undefined) {
    const isOffline = world.topology.stores.get(leaving.storeId)?.state !== 'Up';
    const description = `replace-rule-${isOffline ? 'offline' : 'down'}-peer`;
    return place(world, region, { fit, description, replaced: leaving });
  }
  const role = fit.wrongRole.length === 0 ? 'none' : fixRole(world, region, fit);
  return role === 'none' ? improveLocation(world, region, fit) : role;
}

function fixRole(world: World, region: Region, { rule, wrongRole }: RuleFit): Repair {
  const [peer] = wrongRole;
  if (peer === undefined) return 'none';
  const roles = presentRoles(region);
  const leads = knownLeader(region) === peer;
  if (!isVoting(peer) && rule.role !== 'learner') {
    roles.set(peer.storeId, 'voter');
    return draftRepair(world, region, { roles, description: 'fix-peer-role', kinds: ['region'] });
  }
  if (!leads && rule.role === 'leader')
    return moveLeader(world, region, { to: peer.storeId, description: 'fix-leader-role' });
  if (leads && rule.role === 'follower') {
    const other = region.peers.find(
      (each) => each !== peer && isVoting(each) && mayTakeOver(world, region, each),
    );
    return other === undefined
      ? 'none'
      : moveLeader(world, region, { to: other.storeId, description: 'fix-follower-role' });
  }
  if (!isVoting(peer) || rule.role !== 'learner') return 'none';
  roles.set(peer.storeId, 'learner');
  return draftRepair(world, region, { roles, description: 'fix-demote-voter', kinds: ['region'] });
}

function mayTakeOver(world: World, region: Region, { storeId }: Peer): boolean {
  return mayLead(world, storeId) && rulesLetLead(world, region, storeId);
}

interface LeaderMove {
  readonly to: number;
  readonly description: string;
}

function moveLeader(world: World, region: Region, { to, description }: LeaderMove): Repair {
  const roles = presentRoles(region);
  return draftRepair(world, region, {
    roles,
    description,
    kinds: ['leader'],
    leader: to,
  });
}

interface Placing {
  readonly fit: RuleFit;
  readonly description: string;
  readonly replaced?: Peer;
  /** Takes no store that is not farther from the others than this. */
  readonly farther?: number;
}

/** Puts a replica of a rule on the best store that the rule allows. */
function place(world: World, region: Region, placing: Placing): Repair {
  const { fit, description, replaced } = placing;
  if (world.operators.countOf('replica') >= world.config.replicaScheduleLimit()) return 'wait';
  const store = chooseStore(world, region, placing);
  if (store === undefined) return placing.farther === undefined ? 'wait' : 'none';
  store.receivesFrom = world.clock.now() + 60_000 / store.limits.addPeer;
  const roles = presentRoles(region).set(
    store.id,
    fit.rule.role === 'learner' ? 'learner' : 'voter',
  );
  if (replaced !== undefined) roles.delete(replaced.storeId);
  return draftRepair(world, region, { roles, description, kinds: ['replica', 'region'] });
}

function chooseStore(world: World, region: Region, placing: Placing): Store | undefined {
  const { fit, replaced, farther } = placing;
  const others = placesOf(
    world,
    fit.peers.filter((peer) => peer !== replaced),
  );
  const away = (store: Store): number => distanceToOthers(store, others, fit.rule);
  return [...world.topology.stores.values()]
    .filter(
      (store) => mayReceive(world, region, store) && meetsConstraints(store, fit.rule.constraints),
    )
    .filter((store) => !sharesDomain(store, others, fit.rule))
    .filter((store) => farther === undefined || away(store) > farther)
    .toSorted(
      (one, other) =>
        away(other) - away(one) || one.counts.regions - other.counts.regions || one.id - other.id,
    )[0];
}

function mayReceive(world: World, region: Region, store: Store): boolean {
  return (
    peerOn(region, store.id) === undefined &&
    stateName(world, store) === 'Up' &&
    !isUnhealthy(world, store) &&
    !store.busy &&
    !isLowOnSpace(world, store) &&
    store.receivesFrom <= world.clock.now()
  );
}

/** Moves the replica that stands closest to the others to a store that is farther away. */
function improveLocation(world: World, region: Region, fit: RuleFit): Repair {
  if (fit.rule.locationLabels.length === 0) return 'none';
  // Only the checker of PD without placement rules heeds the setting.
  const isWanted = world.config.scheduleValue('enable-location-replacement') === 'true';
  if (!world.placement.isEnabled() && !isWanted) return 'none';
  const ranked = fit.peers.map((peer) => {
    const others = placesOf(
      world,
      fit.peers.filter((each) => each !== peer),
    );
    const store = world.topology.stores.get(peer.storeId);
    return { peer, farther: store === undefined ? 0 : distanceToOthers(store, others, fit.rule) };
  });
  const [closest] = ranked.toSorted((one, other) => one.farther - other.farther);
  if (closest === undefined) return 'none';
  const { peer, farther } = closest;
  return place(world, region, {
    fit,
    description: 'move-to-better-location',
    replaced: peer,
    farther,
  });
}

function placesOf(world: World, peers: readonly Peer[]): readonly Store[] {
  return peers.flatMap(({ storeId }) => world.topology.stores.get(storeId) ?? []);
}

function distanceToOthers(store: Store, others: readonly Store[], rule: Rule): number {
  return others.reduce((sum, other) => sum + distance(store, other, rule.locationLabels), 0);
}

/** True when the isolation level forbids the store, because another replica is in its domain. */
function sharesDomain(store: Store, others: readonly Store[], rule: Rule): boolean {
  const level = rule.locationLabels.indexOf(rule.isolationLevel);
  if (level < 0) return false;
  const labels = rule.locationLabels.slice(0, level + 1);
  return others.some((other) => distance(store, other, labels) === 0);
}
