import { codedText } from '../world/cluster/profile.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import { type Region, isInJointState, knownLeader, peerOn } from '../world/cluster/region.ts';
import { mayLead } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { addRefusal, admit, requireRegion } from './admin-operators.ts';
import { toBuildContext } from './build-context.ts';
import { buildSteps, presentRoles } from './build-steps.ts';
import { type OperatorDraft, PRIORITY } from '../world/operators/operator.ts';
import type { Step } from '../world/operators/step.ts';

export function addMerge(world: World, sourceId: number, targetId: number): void {
  const source = requireRegion(world, sourceId);
  const target = requireRegion(world, targetId);
  requireMergeable(world, source, target);
  const brief = `merge: region ${sourceId} to ${targetId}`;
  const common = { description: 'admin-merge-region', brief, priority: PRIORITY.urgent } as const;
  const matching = matchPeers(world, source, target);
  const step = { kind: 'merge', source: sourceId, target: targetId } as const;
  const sourceDraft: OperatorDraft = {
    ...common,
    kinds: ['admin', 'merge', ...matching.kinds],
    steps: [...matching.steps, { ...step, passive: false }],
  };
  const operator = world.operators.add(source, sourceDraft);
  if (operator === undefined) throw addRefusal(world);
  const targetDraft: OperatorDraft = {
    ...common,
    kinds: sourceDraft.kinds,
    steps: [{ ...step, passive: true }],
  };
  const related = world.operators.add(target, targetDraft);
  if (related === undefined) {
    world.operators.cancel(sourceId);
    throw addRefusal(world);
  }
  operator.related = related;
  related.related = operator;
}

function requireMergeable(world: World, source: Region, target: Region): void {
  for (const region of [source, target]) {
    if (region.pending.size === 0 && region.down.size === 0) continue;
    throw new PdRefusal(
      500,
      codedText(
        world.profile,
        'region:ErrRegionAbnormalPeer',
        `region ${region.id} has abnormal peer`,
      ),
    );
  }
  const touches = source.endKey !== '' && source.endKey === target.startKey;
  const follows = target.endKey !== '' && target.endKey === source.startKey;
  if (source === target || (!touches && !follows)) {
    throw new PdRefusal(
      500,
      codedText(world.profile, 'region:ErrRegionNotAdjacent', 'two regions are not adjacent'),
    );
  }
  if (isInJointState(source) || isInJointState(target)) {
    throw new PdRefusal(500, 'cannot merge regions which are in joint state');
  }
}

/** The source's replicas first move to where the target's are. */
function matchPeers(
  world: World,
  source: Region,
  target: Region,
): { readonly steps: readonly Step[]; readonly kinds: OperatorDraft['kinds'] } {
  if (knownLeader(source) === undefined)
    throw new PdRefusal(500, 'cannot build operator for region with no leader');
  const isSame =
    source.peers.length === target.peers.length &&
    source.peers.every((peer) => peerOn(target, peer.storeId) !== undefined);
  if (isSame) return { steps: [], kinds: [] };
  const built = buildSteps(toBuildContext(world, source), {
    roles: presentRoles(target),
    leader: undefined,
  });
  return { steps: built.steps, kinds: built.movesLeader ? ['region', 'leader'] : ['region'] };
}

export interface SplitRequest {
  readonly policy: string;
  readonly keys: readonly string[];
}

export function addSplit(world: World, regionId: number, request: SplitRequest): void {
  const region = requireRegion(world, regionId);
  const policy = request.policy.toUpperCase();
  if (!['SCAN', 'APPROXIMATE', 'USEKEY'].includes(policy))
    throw new PdRefusal(500, `check policy ${policy} is not supported`);
  const bad = request.keys.find((key) => !/^(?:[0-9a-fA-F]{2})*$/.test(key));
  if (policy === 'USEKEY' && bad !== undefined)
    throw new PdRefusal(500, `split key ${bad} is not in hex format`);
  if (isInJointState(region))
    throw new PdRefusal(500, 'cannot split region which is in joint state');
  const keys = request.keys.map((key) => key.toUpperCase());
  const suffix = policy === 'USEKEY' && keys.length > 0 ? ` and keys [${keys.join(' ')}]` : '';
  admit(world, region, {
    description: 'admin-split-region',
    brief: `split: region ${regionId} use policy ${policy}${suffix}`,
    kinds: ['admin', 'split'],
    priority: PRIORITY.urgent,
    steps: [{ kind: 'split', policy, keys }],
  });
}

/** PD's scatter: here the leader goes to the voter that scattering chose least; nothing is done where that is the leader. */
export function addScatter(world: World, regionId: number): void {
  const region = requireRegion(world, regionId);
  const leader = knownLeader(region);
  if (leader === undefined) throw new PdRefusal(500, `region ${regionId} has no leader`);
  const chosen = (storeId: number): number => world.scattered.get(storeId) ?? 0;
  const voters = region.peers.filter(
    (peer) => peer.role === 'Voter' && mayLead(world, peer.storeId),
  );
  const others = voters.filter((peer) => peer !== leader);
  const target = [...others, leader].toSorted(
    (one, other) => chosen(one.storeId) - chosen(other.storeId),
  )[0];
  if (target === undefined) return;
  world.scattered.set(target.storeId, chosen(target.storeId) + 1);
  if (target === leader) return;
  admit(world, region, {
    description: 'scatter-region',
    brief: `transfer leader: store ${leader.storeId} to ${target.storeId}`,
    kinds: ['admin', 'leader'],
    priority: PRIORITY.urgent,
    steps: [{ kind: 'transfer_leader', from: leader.storeId, to: target.storeId }],
  });
}
