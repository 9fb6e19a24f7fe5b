import { type Peer, isVoting } from '../world/cluster/peer.ts';
import { type Region, isInJointState, knownLeader, peerOn } from '../world/cluster/region.ts';
import { type Store, isTiFlash } from '../world/cluster/store.ts';
import { isUnhealthy, stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { presentRoles } from './build-steps.ts';
import { findRuleRepair, isRuled } from './find-rule-repair.ts';
import { type OperatorDraft, PRIORITY } from '../world/operators/operator.ts';
import { type Repair, draftRepair, removeOrphan } from './repair-draft.ts';

/** Finds the next step of PD's checkers for a region: leave a joint state, remove an orphan, make up or replace a replica. */
export function findRepair(world: World, region: Region): Repair {
  if (knownLeader(region) === undefined) return 'none';
  if (isInJointState(region)) return leaveJointState(region);
  if (isRuled(world)) return findRuleRepair(world, region);
  const orphan = findOrphan(world, region);
  if (orphan !== undefined) return removeOrphan(world, region, orphan);
  const broken = region.peers.find((peer) => isVoting(peer) && isLeaving(world, peer.storeId));
  const voters = region.peers.filter(isVoting).length;
  if (voters >= world.config.maxReplicas() && broken === undefined) return 'none';
  return addReplica(world, region, voters >= world.config.maxReplicas() ? broken : undefined);
}

function isLeaving(world: World, storeId: number): boolean {
  const store = world.topology.stores.get(storeId);
  return store === undefined || ['Offline', 'Tombstone', 'Down'].includes(stateName(world, store));
}

function leaveJointState(region: Region): OperatorDraft {
  const promote = region.peers.filter((peer) => peer.role === 'IncomingVoter');
  const demote = region.peers.filter((peer) => peer.role === 'DemotingVoter');
  const brief = `promote peer: store [${promote.map((peer) => peer.storeId).join(' ')}]`;
  const steps = [{ kind: 'leave_joint', promote, demote }] as const;
  return { description: 'leave-joint-state', brief, kinds: [], priority: PRIORITY.high, steps };
}

function findOrphan(world: World, region: Region): Peer | undefined {
  const isForeign = (peer: Peer): boolean => {
    const store = world.topology.stores.get(peer.storeId);
    return peer.role === 'Learner' && (store === undefined || !isTiFlash(store));
  };
  const learner = region.peers.findLast(isForeign);
  if (learner !== undefined) return learner;
  const voters = region.peers.filter(isVoting);
  if (voters.length <= world.config.maxReplicas()) return undefined;
  const removable = voters.filter((peer) => peer !== region.leader);
  return removable.findLast((peer) => isLeaving(world, peer.storeId)) ?? removable.at(-1);
}

function addReplica(world: World, region: Region, replaced: Peer | undefined): Repair {
  if (world.operators.countOf('replica') >= world.config.replicaScheduleLimit()) return 'wait';
  const target = chooseReceiver(world, region);
  if (target === undefined) return 'wait';
  useLimit(world, target);
  const roles = presentRoles(region);
  roles.set(target.id, 'voter');
  if (replaced === undefined)
    return draftRepair(world, region, {
      roles,
      description: 'add-rule-peer',
      kinds: ['replica', 'region'],
    });
  roles.delete(replaced.storeId);
  const store = world.topology.stores.get(replaced.storeId);
  const reason = store?.state === 'Up' ? 'down' : 'offline';
  return draftRepair(world, region, {
    roles,
    description: `replace-rule-${reason}-peer`,
    kinds: ['replica', 'region'],
  });
}

/** The emptiest healthy store that may receive one more replica now. */
function chooseReceiver(world: World, region: Region): Store | undefined {
  const now = world.clock.now();
  const fitting = [...world.topology.stores.values()].filter(
    (store) =>
      !isTiFlash(store) &&
      stateName(world, store) === 'Up' &&
      !isUnhealthy(world, store) &&
      !store.busy &&
      peerOn(region, store.id) === undefined &&
      store.receivesFrom <= now,
  );
  return fitting.toSorted(
    (one, other) => one.counts.regions - other.counts.regions || one.id - other.id,
  )[0];
}

/** PD's limit of replicas that a store receives in a minute. */
function useLimit(world: World, store: Store): void {
  store.receivesFrom = world.clock.now() + 60_000 / store.limits.addPeer;
}
