import type { RegionLook } from './operator-verification.ts';

/** Reading of a region that PD no longer knows. */
export function lookWithoutRegion(regionId: number): RegionLook {
  return {
    verification: {
      state: 'failed',
      summary: `Region ${regionId} is gone; it may have been merged.`,
      facts: { regionId },
    },
    region: null,
    isAsBefore: false,
    isChanging: false,
  };
}
