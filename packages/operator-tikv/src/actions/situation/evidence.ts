import type { Fact, Quantity } from 'operator-core';
import type { PDOperatorState, PDRegion, PDStore } from '../../pd/index.ts';

const BYTES_PER_MIB = 1024 * 1024;

/** The region's epoch and leader: a change of either makes the plan stale. */
export function regionFacts(region: PDRegion): readonly Fact[] {
  return [
    { name: `region:${region.id} epoch`, value: { ...region.epoch } },
    { name: `region:${region.id} leader store`, value: toStoreId(region.leader?.storeId) },
  ];
}

/** The store's state. */
export function storeStateFact(store: PDStore): Fact {
  return { name: `store:${store.id} state`, value: store.state };
}

/** Fact: the stores that are being drained. */
export function drainedStoresFact(storeIds: readonly number[]): Fact {
  return { name: 'drained stores', value: storeIds.map(String) };
}

/** Fact: the number of stores that hold voters, the whole of a policy's share of stores. */
export function storeCountFact(stores: readonly PDStore[]): Fact {
  const value = stores.filter(({ state, isTiFlash }) => state !== 'Tombstone' && !isTiFlash).length;
  return { name: 'stores', value, unit: 'count' };
}

/** Facts that inform about a region. */
export function regionSizeFact(region: PDRegion): Fact {
  return {
    name: `region:${region.id} approximate size`,
    value: region.approximateSizeMiB * BYTES_PER_MIB,
    unit: 'bytes',
  };
}

/** Facts that inform about a store's load. */
export function storeLoadFacts(store: PDStore): readonly Fact[] {
  return [
    { name: `store:${store.id} leaders`, value: store.leaderCount, unit: 'count' },
    { name: `store:${store.id} regions`, value: store.regionCount, unit: 'count' },
  ];
}

/** Fact: the space that is left on a store. */
export function availableFact(store: PDStore): Fact {
  return {
    name: `store:${store.id} available`,
    value: store.availableBytes ?? { unknown: 'PD does not tell how much space is left' },
    unit: 'bytes',
  };
}

/** The last operator of a region, to tell a later one from it. */
export function lastOperatorFact(regionId: number, operator: PDOperatorState | null): Fact {
  return {
    name: lastOperatorFactName(regionId),
    value:
      operator === null
        ? null
        : {
            description: operator.description,
            brief: operator.brief,
            status: operator.status,
            createdAtMs: operator.createdAtMs,
          },
  };
}

/** The name of {@link lastOperatorFact}. */
export function lastOperatorFactName(regionId: number): string {
  return `region:${regionId} last operator`;
}

/** Amounts that a plan touches, in the order that people ask for. */
export function toImpact(touched: {
  leaders: number;
  regions: number;
  movedMiB: number;
}): readonly Quantity[] {
  return [
    { name: 'leaders moved', value: touched.leaders, unit: 'count' },
    { name: 'regions touched', value: touched.regions, unit: 'count' },
    { name: 'data copied', value: touched.movedMiB * BYTES_PER_MIB, unit: 'bytes' },
  ];
}

function toStoreId(storeId: number | undefined): string | null {
  return storeId === undefined ? null : String(storeId);
}
