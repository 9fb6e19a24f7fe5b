// @boundaries-ignore what all tests share belongs to no package
import base from '../../../../vitest.config.ts';

// The model test alone, with many more interleavings.
export default {
  ...base,
  test: {
    ...base.test,
    include: ['test/ledger/ledger-model.test.ts'],
    env: { OPERATOR_MODEL_RUNS: '3000' },
  },
};
