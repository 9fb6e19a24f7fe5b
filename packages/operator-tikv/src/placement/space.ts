import type { PDScheduleConfig, PDStore } from '../pd/index.ts';

const MIB = 1024 ** 2;
/** PD does not mind a nearly full disk while a store has few regions and this much space (pd `IsLowSpace`). */
const ENOUGH_BYTES = 8 * 1024 ** 3;
const FEW_REGIONS = 100;

/** Space on a store before and after it receives data. */
export interface Space {
  readonly availableBytes: number;
  readonly afterBytes: number;
  readonly capacityBytes: number;
  /** Bytes that PD wants to stay free. */
  readonly reservedBytes: number;
  /** True when PD considers the store too full now, or would afterwards. */
  readonly isLow: boolean;
}

/** The store's space after it receives a number of MiB; `null` while the store has not reported its size. */
export function spaceAfter(
  store: PDStore,
  addedMiB: number,
  { lowSpaceRatio }: Pick<PDScheduleConfig, 'lowSpaceRatio'>,
): Space | null {
  const { availableBytes, capacityBytes, regionCount } = store;
  if (availableBytes === null || capacityBytes === null || capacityBytes === 0) return null;
  const reservedBytes = capacityBytes * (1 - lowSpaceRatio);
  const afterBytes = availableBytes - addedMiB * MIB;
  const isYoung = regionCount < FEW_REGIONS && afterBytes > ENOUGH_BYTES;
  const isLow = afterBytes <= 0 || (!isYoung && afterBytes < reservedBytes);
  return { availableBytes, afterBytes, capacityBytes, reservedBytes, isLow };
}
