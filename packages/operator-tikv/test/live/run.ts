// Tests the plugin on a real cluster: OPERATOR_LIVE_PD=http://host:2379 pnpm test:live
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PDClient } from '../../src/pd/index.ts';
import { findObstacles } from './preflight.ts';
import { restore } from './restore.ts';
import { readEndpoints } from './settings.ts';
import { compareSnapshots, takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { beginJournal, readTouched } from './touched.ts';
import { until } from './until.ts';

/** PD's checkers and balancers may take that long to be done with what the tests have begun. */
const SETTLE_MS = 60_000;

const RULE = '='.repeat(78);

async function main(): Promise<number> {
  const endpoints = readEndpoints(process.env);
  if (endpoints.length === 0) {
    say(
      'THE LIVE TESTS WERE SKIPPED. Nothing was tested on a real cluster.',
      'Run them with OPERATOR_LIVE_PD=http://host:2379 pnpm test:live: any PD of 6.5 or newer',
      'with at least 4 TiKV stores. They move leaders and peers, drain stores, kill processes of their',
      'own at it, and put everything back.',
    );
    return 0;
  }
  const pd = new PDClient({ endpoints, callerId: 'operator-live-tests' });
  try {
    return await testOn(pd, endpoints);
  } catch (error) {
    say('THE LIVE TESTS COULD NOT RUN.', error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await pd.close();
  }
}

async function testOn(pd: PDClient, endpoints: readonly string[]): Promise<number> {
  const obstacles = await findObstacles(pd);
  if (obstacles.length > 0) {
    say(
      `THE LIVE TESTS DO NOT START on ${endpoints.join(', ')}:`,
      ...obstacles,
      'Nothing was changed.',
    );
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'operator-live-'));
  const journal = join(folder, 'touched-regions');
  beginJournal(journal);
  const before = await takeSnapshot(pd);
  try {
    const outcome = await runTests();
    const left = await putEverythingBack(pd, before, readTouched(journal));
    if (left.length > 0) return 1;
    return outcome;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In a process of their own, so that everything is put back however they end: 0 passed, 1 failed, 130 interrupted. */
function runTests(): Promise<number> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'));
  const tests = spawn(process.execPath, [join(vitest, 'vitest.mjs'), 'run', '--root', root], {
    stdio: 'inherit',
  });
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isInterrupted = true;
      tests.kill('SIGTERM');
    });
  }
  return new Promise((resolve, reject) => {
    tests.once('error', reject);
    tests.once('exit', (code) => resolve(isInterrupted ? 130 : code === 0 ? 0 : 1));
  });
}

async function putEverythingBack(
  pd: PDClient,
  before: Snapshot,
  touched: readonly number[],
): Promise<readonly string[]> {
  const find = async (): Promise<readonly string[]> =>
    compareSnapshots(before, await takeSnapshot(pd), touched);
  const leftByTests = await find();
  if (leftByTests.length > 0) say('Putting back what the tests have left:', ...leftByTests);
  await restore(pd, before, touched);
  await until(async () => (await find()).length === 0, SETTLE_MS);
  const left = await find();
  if (left.length === 0) say('The cluster is as it was before.');
  else say('THE CLUSTER IS NOT AS IT WAS BEFORE:', ...left);
  return left;
}

function say(...lines: readonly string[]): void {
  process.stderr.write([RULE, ...lines, RULE, ''].join('\n'));
}

process.exit(await main());
