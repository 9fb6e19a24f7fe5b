import { type Region, isInJointState } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';
import type { Step } from '../world/operators/step.ts';

type MergeStep = Extract<Step, { kind: 'merge' }>;
type SplitStep = Extract<Step, { kind: 'split' }>;

/** The target takes the source's range; only the source's half of the operator pair does anything. */
export function applyMerge(world: World, region: Region, step: MergeStep): 'done' | 'blocked' {
  if (step.passive) return 'blocked';
  const target = world.topology.regions.get(step.target);
  if (target === undefined || isInJointState(target)) return 'blocked';
  const targetOperator = world.operators.running(step.target);
  const sourceOperator = world.operators.running(region.id);
  world.topology.removeRegion(region);
  world.topology.removeRegion(target);
  const isLeft = region.endKey === target.startKey;
  if (isLeft) target.startKey = region.startKey;
  else target.endKey = region.endKey;
  target.version = Math.max(target.version, region.version) + 1;
  target.sizeMiB += region.sizeMiB;
  target.keys += region.keys;
  world.topology.addRegion(target);
  if (targetOperator !== undefined) {
    targetOperator.currentStep = 1;
    world.operators.finish(targetOperator, 'SUCCESS');
  }
  // PD never sees the source's last step end: its half is cancelled with the pair.
  if (sourceOperator !== undefined)
    world.clock.schedule(200, () => world.operators.finish(sourceOperator, 'CANCEL'));
  return 'blocked';
}

/** Splits at the given keys, or in the middle; keys outside of the region change nothing, so the operator runs into its timeout. */
export function applySplit(world: World, region: Region, step: SplitStep): 'done' | 'blocked' {
  const keys =
    step.policy === 'USEKEY' ? step.keys.map((key) => key.toUpperCase()) : [middleKey(region)];
  const inside = keys.filter(
    (key) => key > region.startKey && (region.endKey === '' || key < region.endKey),
  );
  if (inside.length === 0) return 'blocked';
  splitRegion(world, region, inside.toSorted());
  return 'done';
}

/** A key inside the region, right after its start. */
function middleKey(region: Region): string {
  if (region.startKey !== '') return `${region.startKey}80`;
  return region.endKey > '61' || region.endKey === '' ? '61' : `${region.endKey.slice(0, -2)}00`;
}

/** Cuts a region at sorted keys. The last part keeps the region's id, as TiKV's right-derive does. */
export function splitRegion(world: World, region: Region, keys: readonly string[]): void {
  const parts = keys.length + 1;
  const { topology } = world;
  const wasStart = region.startKey;
  const [sizeMiB, count] = [Math.floor(region.sizeMiB / parts), Math.floor(region.keys / parts)];
  topology.removeRegion(region);
  region.startKey = keys.at(-1) ?? wasStart;
  region.version += keys.length;
  region.sizeMiB = sizeMiB;
  region.keys = count;
  const cuts = [wasStart, ...keys];
  keys.forEach((endKey, index) => {
    const part = derive(world, region, { startKey: cuts[index] ?? wasStart, endKey });
    topology.addRegion(part);
  });
  topology.addRegion(region);
}

function derive(
  world: World,
  parent: Region,
  range: { readonly startKey: string; readonly endKey: string },
): Region {
  const peers = parent.peers.map((peer) => ({ ...peer, id: world.topology.allocateId() }));
  const leader = peers.find((peer) => peer.storeId === parent.leader?.storeId);
  return {
    ...parent,
    ...range,
    id: world.topology.allocateId(),
    peers,
    leader,
    flow: { writtenBytes: 0, writtenKeys: 0, readBytes: 0, readKeys: 0 },
    pending: new Set(),
    down: new Map(),
  };
}
