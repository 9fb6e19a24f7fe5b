const conditions = ['@operator/source', 'node', 'import', 'module', 'default'];

// A plain object: the root itself does not depend on vitest, each package that tests does.
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
};
