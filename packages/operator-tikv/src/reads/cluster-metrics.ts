import { isUnknown, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { ClusterMetrics, StoreMetrics } from '../model/metrics.ts';
import { isDrained, readEvictions } from './evictions.ts';
import { identifyCluster } from './identity.ts';
import { known } from './or-unknown.ts';
import { measureStores } from './store-metrics.ts';
import type { MetricsSources } from './store-metrics.ts';

type Row<Key extends string> = { readonly storeId: string } & Readonly<
  Record<Key, OrUnknown<number>>
>;

/** The cluster in numbers: sums over its TiKV stores. No request and no answer grows with regions. */
export async function readClusterMetrics(
  sources: MetricsSources,
  options: CallOptions,
): Promise<ClusterMetrics> {
  const [identity, { table, metrics }, evictions] = await Promise.all([
    identifyCluster(sources.pd, options),
    measureStores(sources, options),
    readEvictions(sources.pd, options),
  ]);
  const stores = metrics.filter(({ engine }) => engine === 'tikv');
  const drained = stores.map(({ storeId }) => ({
    storeId,
    drained: toCount(isDrained(Number(storeId), evictions)),
  }));
  return {
    clusterId: identity.id,
    version: known(identity.version, 'PD did not say its version'),
    storeCount: stores.length,
    upStoreCount: sumOf(
      stores.map(({ storeId, state }) => ({
        storeId,
        up: isUnknown(state) ? state : Number(state === 'Up'),
      })),
      'up',
    ),
    tiflashStoreCount: metrics.length - stores.length,
    storesByState: countByState(stores),
    drainedStoreCount: sumOf(drained, 'drained'),
    regionCount: table.regionCount,
    leaderCount: sumOf(stores, 'leaderCount'),
    capacityBytes: sumOf(stores, 'capacityBytes'),
    availableBytes: sumOf(stores, 'availableBytes'),
    usedBytes: sumOf(stores, 'usedBytes'),
    writeBytesPerSecond: sumOf(stores, 'writeBytesPerSecond'),
    readBytesPerSecond: sumOf(stores, 'readBytesPerSecond'),
    requestsPerSecond: sumOf(stores, 'requestsPerSecond'),
    latencyP99Ms: largestOf(stores, 'latencyP99Ms'),
    cpuCores: sumOf(stores, 'cpuCores'),
  };
}

function toCount(drained: OrUnknown<boolean>): OrUnknown<number> {
  return isUnknown(drained) ? drained : Number(drained);
}

function countByState(stores: readonly StoreMetrics[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of stores) {
    const word = isUnknown(state) ? 'unknown' : state;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

function sumOf<Key extends string>(stores: readonly Row<Key>[], key: Key): OrUnknown<number> {
  return combine(stores, key, (values) => values.reduce((total, value) => total + value, 0));
}

function largestOf<Key extends string>(stores: readonly Row<Key>[], key: Key): OrUnknown<number> {
  if (stores.length === 0) return unknownBecause('there are no TiKV stores');
  return combine(stores, key, (values) => Math.max(...values));
}

/**
 * One number from all stores' numbers. When one is unknown, the result is unknown, with the store and the
 * reason.
 */
function combine<Key extends string>(
  stores: readonly Row<Key>[],
  key: Key,
  combineValues: (values: readonly number[]) => number,
): OrUnknown<number> {
  const values: number[] = [];
  const reasons = new Map<string, string[]>();
  for (const { storeId, [key]: value } of stores) {
    if (!isUnknown(value)) values.push(value);
    else reasons.set(value.unknown, [...(reasons.get(value.unknown) ?? []), storeId]);
  }
  if (reasons.size === 0) return combineValues(values);
  return unknownBecause(
    [...reasons].map(([reason, of]) => describeReason(reason, of, stores.length)).join('; '),
  );
}

function describeReason(reason: string, storeIds: readonly string[], storeCount: number): string {
  if (storeIds.length === storeCount) return reason;
  const [first, ...others] = storeIds;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `store ${first}${more}: ${reason}`;
}
