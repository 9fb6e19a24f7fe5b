import type { RegionLook } from './operator-verification.ts';

/** The look at a region that PD does not know any more. */
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
