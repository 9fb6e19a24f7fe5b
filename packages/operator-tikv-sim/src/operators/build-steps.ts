import { type Peer, isVoting } from '../world/cluster/peer.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import { type Region, isInJointState, knownLeader, peerOn } from '../world/cluster/region.ts';
import type { PeerRef, Step } from '../world/operators/step.ts';

/** Target stores of the replicas of a region; the leader may be left open. */
export interface Placement {
  readonly roles: ReadonlyMap<number, 'voter' | 'learner'>;
  readonly leader: number | undefined;
  /** Stores on which an added replica is a witness. */
  readonly witnesses?: ReadonlySet<number>;
}

/** Facts of the cluster for {@link buildSteps}. */
export interface BuildContext {
  readonly region: Region;
  /** True when at least one placement rule applies to the whole region. */
  readonly isRuled: boolean;
  mayLead(storeId: number): boolean;
  allocateId(): number;
}

export interface BuiltSteps {
  readonly steps: readonly Step[];
  readonly brief: string;
  readonly movesLeader: boolean;
}

interface Changes {
  readonly add: readonly (PeerRef & { readonly voter: boolean })[];
  readonly remove: readonly Peer[];
  readonly promote: readonly PeerRef[];
  readonly demote: readonly Peer[];
}

/** The placement a region has now, to be changed. */
export function presentRoles(region: Region): Map<number, 'voter' | 'learner'> {
  return new Map(region.peers.map((peer) => [peer.storeId, isVoting(peer) ? 'voter' : 'learner']));
}

/** Turns a wanted placement into steps the way PD's builder does, or refuses in its words (500). */
export function buildSteps(context: BuildContext, placement: Placement): BuiltSteps {
  const { region } = context;
  const leader = knownLeader(region);
  if (leader === undefined)
    throw new PdRefusal(500, 'cannot build operator for region with no leader');
  if (!context.isRuled)
    throw new PdRefusal(500, 'cannot build operator for region match no placement rule');
  if (isInJointState(region))
    throw new PdRefusal(500, 'cannot build operator for region which is in joint state');
  if (placement.leader !== undefined) requireHealthyTarget(region, placement, placement.leader);
  if (![...placement.roles.values()].includes('voter')) {
    throw new PdRefusal(500, 'cannot create operator: target peers have no voter');
  }
  if (
    placement.leader !== undefined &&
    placement.leader !== leader.storeId &&
    !context.mayLead(placement.leader)
  ) {
    throw new PdRefusal(500, 'cannot create operator: target leader is not allowed');
  }
  const changes = planChanges(context, placement);
  const target = chooseLeader(context, placement, leader);
  const steps = arrange(changes, { region, from: leader.storeId, to: target });
  if (steps.length === 0) throw new PdRefusal(500, 'no operator step is built');
  return {
    steps,
    brief: briefOf(changes, leader.storeId, target),
    movesLeader: target !== leader.storeId,
  };
}

function requireHealthyTarget(region: Region, placement: Placement, storeId: number): void {
  const peer = peerOn(region, storeId);
  const problem = (): string | undefined => {
    if (!placement.roles.has(storeId)) return 'not found';
    if (region.pending.has(storeId) || region.down.has(storeId)) return 'unhealthy';
    if (placement.roles.get(storeId) !== 'voter' || peer?.role === 'Learner') return 'not voter';
    return undefined;
  };
  const found = problem();
  if (found !== undefined)
    throw new PdRefusal(500, `cannot transfer leader to ${storeId}: ${found}`);
}

function planChanges(context: BuildContext, placement: Placement): Changes {
  const { region } = context;
  const added = [...placement.roles].filter(([storeId]) => peerOn(region, storeId) === undefined);
  const add = added.map(([storeId, role]) => ({
    id: context.allocateId(),
    storeId,
    voter: role === 'voter',
    ...(placement.witnesses?.has(storeId) === true ? { isWitness: true } : {}),
  }));
  const remove = region.peers.filter((peer) => !placement.roles.has(peer.storeId));
  const kept = region.peers.filter((peer) => placement.roles.has(peer.storeId));
  return {
    add,
    remove,
    promote: [
      ...kept.filter(
        (peer) => peer.role === 'Learner' && placement.roles.get(peer.storeId) === 'voter',
      ),
      ...add.filter((peer) => peer.voter),
    ],
    demote: [
      ...kept.filter((peer) => isVoting(peer) && placement.roles.get(peer.storeId) === 'learner'),
      ...remove.filter(isVoting),
    ],
  };
}

function chooseLeader(context: BuildContext, placement: Placement, leader: Peer): number {
  if (placement.leader !== undefined) return placement.leader;
  if (placement.roles.get(leader.storeId) === 'voter') return leader.storeId;
  const voters = [...placement.roles]
    .filter(([, role]) => role === 'voter')
    .map(([storeId]) => storeId);
  const allowed = voters
    .toSorted((one, other) => one - other)
    .filter((storeId) => context.mayLead(storeId));
  const present = allowed.find((storeId) => {
    const peer = peerOn(context.region, storeId);
    return peer !== undefined && isVoting(peer) && !context.region.pending.has(storeId);
  });
  const chosen = present ?? allowed[0];
  if (chosen === undefined)
    throw new PdRefusal(500, 'fail to build operator: plan is empty, maybe no valid leader');
  return chosen;
}

interface LeaderMove {
  readonly region: Region;
  readonly from: number;
  readonly to: number;
}

function arrange(changes: Changes, move: LeaderMove): Step[] {
  const moveLeader: Step[] =
    move.from === move.to ? [] : [{ kind: 'transfer_leader', from: move.from, to: move.to }];
  const addLearners: Step[] = changes.add.map((peer) => ({
    kind: 'add_learner',
    peerId: peer.id,
    storeId: peer.storeId,
    ...(peer.isWitness === true ? { isWitness: true } : {}),
  }));
  const removals: Step[] = changes.remove.map((peer) => ({
    kind: 'remove',
    storeId: peer.storeId,
  }));
  const target = peerOn(move.region, move.to);
  const joinsAsVoter = target === undefined || !isVoting(target);
  const roleSteps = changeRoles(changes, joinsAsVoter ? moveLeader : []);
  return [...addLearners, ...(joinsAsVoter ? [] : moveLeader), ...roleSteps, ...removals];
}

/** One change needs no joint consensus; a voter that only leaves is removed as it is. */
function changeRoles(changes: Changes, moveLeader: readonly Step[]): Step[] {
  const { promote, demote } = changes;
  const onlyRemoval =
    promote.length === 0 &&
    demote.every((peer) => changes.remove.some((removed) => removed.id === peer.id));
  if (onlyRemoval && demote.length <= 1) return [...moveLeader];
  if (promote.length === 1 && demote.length === 0) {
    return [
      ...promote.map((peer): Step => ({ kind: 'promote', peerId: peer.id, storeId: peer.storeId })),
      ...moveLeader,
    ];
  }
  if (promote.length + demote.length === 0) return [...moveLeader];
  return [
    { kind: 'enter_joint', promote, demote },
    ...moveLeader,
    { kind: 'leave_joint', promote, demote },
  ];
}

function stores(peers: readonly PeerRef[]): string {
  return `store [${peers.map((peer) => peer.storeId).join(' ')}]`;
}

function briefOf(changes: Changes, from: number, to: number): string {
  if (changes.add.length > 0 && changes.remove.length > 0) {
    return `mv peer: ${stores(changes.remove)} to [${changes.add.map((peer) => peer.storeId).join(' ')}]`;
  }
  if (changes.add.length > 0) return `add peer: ${stores(changes.add)}`;
  if (changes.remove.length > 0) return `rm peer: ${stores(changes.remove)}`;
  if (changes.promote.length > 0) return `promote peer: ${stores(changes.promote)}`;
  if (changes.demote.length > 0) return `demote peer: ${stores(changes.demote)}`;
  return `transfer leader: store ${from} to ${to}`;
}
