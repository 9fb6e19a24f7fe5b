import { isVoting } from '../world/cluster/peer.ts';
import { codedText } from '../world/cluster/profile.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import { type Region, knownLeader, peerOn } from '../world/cluster/region.ts';
import { requireReceiver } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { toBuildContext } from './build-context.ts';
import { type Placement, buildSteps, presentRoles } from './build-steps.ts';
import { type OperatorDraft, type OperatorKind, PRIORITY } from '../world/operators/operator.ts';
import { unsigned } from '../text/unsigned.ts';

/** The region of an admin request, or PD's refusal. */
export function requireRegion(world: World, regionId: number): Region {
  const region = world.topology.regions.get(regionId);
  if (region !== undefined) return region;
  throw new PdRefusal(
    500,
    codedText(world.profile, 'region:ErrRegionNotFound', `region ${unsigned(regionId)} not found`),
  );
}

export function addTransferLeader(world: World, regionId: number, toStoreId: number): void {
  const region = requireRegion(world, regionId);
  const peer = peerOn(region, toStoreId);
  if (peer === undefined || !isVoting(peer))
    throw new PdRefusal(500, `region has no voter in store ${unsigned(toStoreId)}`);
  const placement = { roles: presentRoles(region), leader: toStoreId };
  addAdmin(world, region, { description: 'admin-transfer-leader', kinds: ['admin'], placement });
}

export function addTransferPeer(
  world: World,
  regionId: number,
  stores: { readonly from: number; readonly to: number },
): void {
  const region = requireRegion(world, regionId);
  const roles = rolesWithout(region, stores.from);
  requireReceiver(world, stores.to);
  const moved = peerOn(region, stores.from);
  const role = moved?.role === 'Learner' ? 'learner' : 'voter';
  const present = peerOn(region, stores.to);
  if (knownLeader(region) !== undefined && present !== undefined && stores.from !== stores.to) {
    const learner = present.role === 'Learner' ? 'role:Learner ' : '';
    const wanted = role === 'learner' ? 'role:Learner ' : '';
    throw new PdRefusal(
      500,
      `cannot add peer store_id:${stores.to} ${wanted}: already have peer id:${present.id} store_id:${stores.to} ${learner}`,
    );
  }
  roles.set(stores.to, role);
  addAdmin(world, region, {
    description: 'admin-move-peer',
    kinds: ['admin', 'region'],
    placement: {
      roles,
      leader: undefined,
      ...(moved?.isWitness === true ? { witnesses: new Set([stores.to]) } : {}),
    },
  });
}

export function addPeer(
  world: World,
  regionId: number,
  options: { readonly storeId: number; readonly role: 'voter' | 'learner' },
): void {
  const region = requireRegion(world, regionId);
  if (peerOn(region, options.storeId) !== undefined)
    throw new PdRefusal(500, `region already has peer in store ${options.storeId}`);
  requireReceiver(world, options.storeId);
  const roles = presentRoles(region).set(options.storeId, options.role);
  const description = options.role === 'voter' ? 'admin-add-peer' : 'admin-add-learner';
  addAdmin(world, region, {
    description,
    kinds: ['admin', 'region'],
    placement: { roles, leader: undefined },
  });
}

export function addRemovePeer(world: World, regionId: number, storeId: number): void {
  const region = requireRegion(world, regionId);
  const placement = { roles: rolesWithout(region, storeId), leader: undefined };
  addAdmin(world, region, {
    description: 'admin-remove-peer',
    kinds: ['admin', 'region'],
    placement,
  });
}

export interface RegionTarget {
  readonly storeIds: readonly number[];
  readonly roles: readonly string[];
}

export function addTransferRegion(world: World, regionId: number, target: RegionTarget): void {
  const region = requireRegion(world, regionId);
  for (const storeId of target.storeIds) requireReceiver(world, storeId);
  if (target.roles.length !== target.storeIds.length || target.roles.includes('')) {
    throw new PdRefusal(
      500,
      'transfer region without peer role is not supported when placement rules enabled',
    );
  }
  const leaders = target.storeIds.filter((_, index) => target.roles[index] === 'leader');
  if (leaders.length > 1) throw new PdRefusal(500, 'region cannot have multiple leaders');
  const roles = new Map(
    target.storeIds.map((storeId, index) => [storeId, roleOf(target.roles[index])]),
  );
  const leader = leaders[0] === knownLeader(region)?.storeId ? undefined : leaders[0];
  addAdmin(world, region, {
    description: 'admin-move-region',
    kinds: ['admin', 'region'],
    placement: { roles, leader },
  });
}

function roleOf(name: string | undefined): 'voter' | 'learner' {
  return name === 'learner' ? 'learner' : 'voter';
}

function rolesWithout(region: Region, storeId: number): Map<number, 'voter' | 'learner'> {
  if (peerOn(region, storeId) === undefined)
    throw new PdRefusal(500, `region has no peer in store ${unsigned(storeId)}`);
  const roles = presentRoles(region);
  roles.delete(storeId);
  return roles;
}

interface AdminRequest {
  readonly description: string;
  readonly kinds: readonly OperatorKind[];
  readonly placement: Placement;
}

function addAdmin(world: World, region: Region, request: AdminRequest): void {
  const built = buildSteps(toBuildContext(world, region), request.placement);
  const kinds: readonly OperatorKind[] = built.movesLeader
    ? [...request.kinds, 'leader']
    : request.kinds;
  admit(world, region, {
    ...request,
    kinds,
    brief: built.brief,
    priority: PRIORITY.urgent,
    steps: built.steps,
  });
}

/** Hands an admin operator to the controller; its one opaque refusal also leaves a CANCEL record. */
export function admit(world: World, region: Region, draft: OperatorDraft): void {
  if (world.operators.add(region, draft) !== undefined) return;
  throw addRefusal(world);
}

export function addRefusal(world: World): PdRefusal {
  return new PdRefusal(
    500,
    codedText(
      world.profile,
      'operator:ErrAddOperator',
      'failed to add operator, maybe already have one',
    ),
  );
}
