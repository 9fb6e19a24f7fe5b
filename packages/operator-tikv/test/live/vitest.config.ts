// @boundaries-ignore what all tests share belongs to no package
import shared from '../../../../vitest.config.ts';

export default {
  ...shared,
  test: {
    include: ['*.live.ts'],
    fileParallelism: false,
    // A drain takes as long as the cluster has leaders to move.
    testTimeout: 1_800_000,
    // Putting back waits until the regions have reported to a new PD leader.
    hookTimeout: 600_000,
  },
};
