import { PdRefusal } from '../world/cluster/refusal.ts';
import type { Peer } from '../world/cluster/peer.ts';
import type { Region } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';
import { toBuildContext } from './build-context.ts';
import { type BuiltSteps, buildSteps, presentRoles } from './build-steps.ts';
import { type OperatorDraft, type OperatorKind, PRIORITY } from '../world/operators/operator.ts';

/** Answer of a checker about a region: an operator, nothing, or nothing yet. */
export type Repair = OperatorDraft | 'none' | 'wait';

/** Target stores of a region's replicas, and the name of the checker's operator. */
export interface RepairPlan {
  readonly roles: ReadonlyMap<number, 'voter' | 'learner'>;
  readonly description: string;
  readonly kinds: readonly OperatorKind[];
  /** Default: the leader stays, or moves where it must. */
  readonly leader?: number;
}

/** The checker's operator, or `wait` where PD cannot build it now. */
export function draftRepair(world: World, region: Region, plan: RepairPlan): Repair {
  const built = tryBuild(world, region, plan);
  if (built === undefined) return 'wait';
  const kinds: readonly OperatorKind[] = built.movesLeader ? [...plan.kinds, 'leader'] : plan.kinds;
  return {
    description: plan.description,
    brief: built.brief,
    kinds,
    priority: PRIORITY.high,
    steps: built.steps,
  };
}

/** Removes a replica that the region does not need. */
export function removeOrphan(world: World, region: Region, orphan: Peer): Repair {
  const roles = presentRoles(region);
  roles.delete(orphan.storeId);
  return draftRepair(world, region, {
    roles,
    description: 'remove-orphan-peer',
    kinds: ['region'],
  });
}

function tryBuild(world: World, region: Region, plan: RepairPlan): BuiltSteps | undefined {
  try {
    const { roles, leader } = plan;
    return buildSteps(toBuildContext(world, region), { roles, leader });
  } catch (error) {
    if (error instanceof PdRefusal) return undefined;
    throw error;
  }
}
