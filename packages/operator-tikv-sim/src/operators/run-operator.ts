import type { PeerRole } from '../world/cluster/peer.ts';
import { type Region, peerOn } from '../world/cluster/region.ts';
import { isAlive } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import type { Operator } from '../world/operators/operator.ts';
import type { PeerRef, Step } from '../world/operators/step.ts';
import { applyMerge, applySplit } from './reshape.ts';

/** Raft and heartbeat times as recorded on loopback. */
const FIRST_STEP_MS = 150;
const NEXT_STEP_MS = 200;
const CATCH_UP_MS = 100;
/** PD sends a step again after this when nothing happened. */
const RETRY_MS = 2_000;

type Effect = 'done' | 'blocked' | 'started';

/** Moves the region one step after another, as region heartbeats would report it. */
export function runOperator(world: World, operator: Operator): void {
  scheduleStep(world, operator, FIRST_STEP_MS);
}

function scheduleStep(world: World, operator: Operator, delayMs: number): void {
  const step = operator.steps[operator.currentStep];
  if (step === undefined) return;
  const sentTerm = world.leadership.term.number;
  world.clock.schedule(delayMs, () => {
    const isSameTerm = sentTerm === world.leadership.term.number;
    // Operators live in the memory of the PD leader: when it dies, nothing drives them any more.
    const isDead = operator.status === 'RUNNING' && world.leadership.leader === undefined;
    const running = operator.status === 'RUNNING' && !isDead;
    // TiKV is told of neither a cancel nor a death: a step that was already sent still happens once.
    const isLoose = operator.status === 'CANCEL' || isDead;
    const isOnItsWay = isLoose && delayMs !== RETRY_MS && isSameTerm;
    if (!running && !isOnItsWay) return;
    const region = world.topology.regions.get(operator.regionId);
    if (region === undefined) return world.operators.finish(operator, 'CANCEL');
    const effect = world.faults.holdOperators ? 'blocked' : applyStep(world, region, step);
    if (running) proceed(world, operator, effect);
    else if (effect === 'started') scheduleStep(world, operator, CATCH_UP_MS);
    else world.checker.notice(region.id);
  });
}

function proceed(world: World, operator: Operator, effect: Effect): void {
  if (effect === 'blocked') return scheduleStep(world, operator, RETRY_MS);
  if (effect === 'started') return scheduleStep(world, operator, CATCH_UP_MS);
  operator.currentStep += 1;
  if (operator.currentStep < operator.steps.length)
    return scheduleStep(world, operator, NEXT_STEP_MS);
  world.operators.finish(operator, 'SUCCESS');
}

function applyStep(world: World, region: Region, step: Step): Effect {
  const leaderStore = world.topology.stores.get(region.leader?.storeId ?? 0);
  if (!isAlive(leaderStore)) return 'blocked';
  switch (step.kind) {
    case 'transfer_leader':
      return transferLeader(world, region, step.to);
    case 'add_learner':
      return addLearner(world, region, { ...step, id: step.peerId });
    case 'promote':
      return setRole(world, region, [[step.storeId, 'Voter']]);
    case 'remove':
      return removePeer(world, region, step.storeId);
    case 'enter_joint':
      return setRole(world, region, jointRoles(step, 'IncomingVoter', 'DemotingVoter'));
    case 'leave_joint':
      return setRole(world, region, jointRoles(step, 'Voter', 'Learner'));
    case 'merge':
      return applyMerge(world, region, step);
    default:
      return applySplit(world, region, step);
  }
}

function transferLeader(world: World, region: Region, storeId: number): Effect {
  const peer = peerOn(region, storeId);
  if (peer === undefined || peer.role === 'Learner' || !isAlive(world.topology.stores.get(storeId)))
    return 'blocked';
  world.topology.setLeader(region, peer);
  return 'done';
}

function addLearner(world: World, region: Region, peer: PeerRef): Effect {
  if (peerOn(region, peer.storeId) === undefined) {
    const { id, storeId, isWitness } = peer;
    world.topology.addPeer(region, {
      id,
      storeId,
      role: 'Learner',
      ...(isWitness === true ? { isWitness } : {}),
    });
    world.topology.setPending(region, peer.storeId, true);
    return 'started';
  }
  if (!isAlive(world.topology.stores.get(peer.storeId))) return 'blocked';
  world.topology.setPending(region, peer.storeId, false);
  return 'done';
}

function removePeer(world: World, region: Region, storeId: number): Effect {
  if (region.leader?.storeId === storeId) return 'blocked';
  if (peerOn(region, storeId) !== undefined) world.topology.removePeer(region, storeId);
  return 'done';
}

function setRole(
  world: World,
  region: Region,
  roles: readonly (readonly [number, PeerRole])[],
): Effect {
  world.topology.setRoles(region, new Map(roles));
  return 'done';
}

function jointRoles(
  step: { readonly promote: readonly PeerRef[]; readonly demote: readonly PeerRef[] },
  promoted: PeerRole,
  demoted: PeerRole,
): (readonly [number, PeerRole])[] {
  return [
    ...step.promote.map((peer) => [peer.storeId, promoted] as const),
    ...step.demote.map((peer) => [peer.storeId, demoted] as const),
  ];
}
