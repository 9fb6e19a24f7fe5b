import { existsSync } from 'node:fs';
import path from 'node:path';

const conditions = ['@operator/source', 'node', 'import', 'module', 'default'];

// CI adds up every package's results; each package writes one file there.
const reports = process.env['OPERATOR_TEST_REPORTS'];
const reportFile = `${path.basename(process.cwd())}.json`;

// A plain object: the root itself does not depend on vitest, each package that tests does.
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [
      path.join(import.meta.dirname, 'vitest.setup.ts'),
      ...[path.resolve('test/setup.ts')].filter((file) => existsSync(file)),
    ],
    // Ends a test that hangs. Tests of one file run side by side, and a busy machine makes each several times slower.
    // Most tests wait: for processes, for timers, for a model's clock. More workers than cores overlap their waits.
    maxWorkers: 3,
    // Importing the engine for each file costs more than most files of tests do: the files of a package share the modules
    // of a worker. So a test leaves nothing behind in a module, and replaces none.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    ...(reports === undefined
      ? {}
      : {
          reporters: ['default', ['json', { outputFile: path.join(reports, reportFile) }]],
          // A shared machine may stand still for seconds. CI names each test that needed this.
          retry: 1,
        }),
  },
};
