import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

const conditions = ['@operator/source', 'node', 'import', 'module', 'default'];

// CI adds up every package's results; each package writes one file there.
const reports = process.env['OPERATOR_TEST_REPORTS'];
const reportFile = `${path.basename(process.cwd())}.json`;

/** Test files that take longest, in that order: a file that begins last should not run alone at the end. */
const LONGEST = ['crash-matrix', 'fault-proxy', 'gate-crash', 'killed', 'guides'];

/** One test file, as vitest gives it to a sequencer. */
export interface TestFile {
  readonly moduleId: string;
}

/** Order of test files: the longest ones, then the others by size. */
export class LongestFirst {
  shard(files: readonly TestFile[]): readonly TestFile[] {
    return files;
  }

  sort(files: readonly TestFile[]): readonly TestFile[] {
    return files.toSorted((one, other) => weightOf(other) - weightOf(one));
  }
}

function weightOf({ moduleId }: TestFile): number {
  const place = LONGEST.indexOf(path.basename(moduleId, '.test.ts'));
  return place === -1 ? statSync(moduleId).size : Number.MAX_SAFE_INTEGER - place;
}

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
    // Node itself imports bundled plugins: vitest would read and evaluate them again for each engine that a test opens.
    server: { deps: { external: [/\/operator-program-/u] } },
    sequence: { sequencer: LongestFirst },
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
