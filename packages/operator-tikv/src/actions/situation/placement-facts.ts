import { isUnknown, unknownBecause } from 'operator-core';
import type { CallOptions, Fact, OrUnknown } from 'operator-core';
import type { PDClient } from '../../pd/pd-client.ts';
import type { PDStoreLimit } from '../../pd/index.ts';
import { describeRule } from '../../placement/compare-fits.ts';
import type { Placement } from '../../placement/read-placement.ts';
import { orUnknown } from '../../reads/or-unknown.ts';

/** Rules that apply to a region, as the plan shows them. */
export function rulesFact(regionId: number, placement: OrUnknown<Placement>): Fact {
  return {
    name: `region:${regionId} placement rules`,
    value: isUnknown(placement) ? placement : placement.rules.map(describeRule),
  };
}

/** Store limits by store. */
export type StoreLimits = OrUnknown<ReadonlyMap<number, PDStoreLimit>>;

/** Reads the store limits; unknown when PD uses another version of them, or does not return them. */
export async function readStoreLimits(pd: PDClient, options: CallOptions): Promise<StoreLimits> {
  const limits = await orUnknown(pd.getStoreLimits(options), options);
  return limits ?? unknownBecause('store-limit-version v2 has no limits a minute');
}

/** Replicas a minute that PD's own operators add to the target and remove from the source. */
export function limitFacts(
  limits: StoreLimits,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Fact[] {
  const of = (id: number, kind: keyof PDStoreLimit): OrUnknown<number> =>
    isUnknown(limits) ? limits : (limits.get(id)?.[kind] ?? unknownBecause('PD names none'));
  return [
    { name: `store:${to} add-peer limit`, value: of(to, 'addPeer'), unit: 'count' },
    { name: `store:${from} remove-peer limit`, value: of(from, 'removePeer'), unit: 'count' },
  ];
}

/** Below one replica a minute a limit is meant to keep replicas where they are. */
const CLOSED_BELOW = 1;

/** Warnings about limits that PD does not hold an administrator's operator to (pd `ExceedStoreLimit`). */
export function warnOfLimits(
  limits: StoreLimits,
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] {
  if (isUnknown(limits)) return [];
  const [added, removed] = [limits.get(to)?.addPeer, limits.get(from)?.removePeer];
  return [...warn(added, `add to store ${to}`), ...warn(removed, `remove from store ${from}`)];
}

function warn(limit: number | undefined, what: string): readonly string[] {
  if (limit === undefined || limit >= CLOSED_BELOW) return [];
  return [
    `The store limit lets PD ${what} ${limit} replicas a minute; this move is exempt from it.`,
  ];
}
