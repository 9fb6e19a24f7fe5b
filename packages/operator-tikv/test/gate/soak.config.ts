// @boundaries-ignore what all tests share belongs to no package
import base from '../../../../vitest.config.ts';

// The same proofs, for longer: every point, both releases of PD, more repetitions.
export default {
  ...base,
  test: { ...base.test, include: ['test/gate/**/*.test.ts'], env: { OPERATOR_SOAK: '1' } },
};
