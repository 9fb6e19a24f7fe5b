// Tests the plugin on a real cluster: OPERATOR_LIVE_PD=http://host:2379 pnpm test:live
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PDClient } from '../../src/pd/index.ts';
import { PdByHand } from './by-hand.ts';
import { compareSnapshots } from './compare-snapshots.ts';
import { HOOKS } from './hooks.ts';
import { beginJournal } from './journal.ts';
import { inspectCluster } from './preflight.ts';
import { restore } from './restore.ts';
import { readEndpoints } from './settings.ts';
import { describeLeaders, takeSnapshot } from './snapshot.ts';
import type { Reach, Snapshot } from './snapshot.ts';

const RULE = '='.repeat(78);

async function main(): Promise<number> {
  const endpoints = readEndpoints(process.env);
  if (endpoints.length === 0) {
    say(
      'THE LIVE TESTS WERE SKIPPED. Nothing was tested on a real cluster.',
      'Run them with OPERATOR_LIVE_PD=http://host:2379 pnpm test:live: any PD of 6.5 or newer',
      'with at least 4 TiKV stores. They move leaders and peers, drain stores, set placement rules,',
      'kill processes of their own at it, and put everything back. Commands that break the cluster',
      'are yours to give:',
      ...describeHooks(Object.values(HOOKS)),
    );
    return 0;
  }
  const pd = new PDClient({ endpoints, callerId: 'operator-live-tests' });
  try {
    const hand = await new PdByHand(endpoints).discover();
    return await testOn({ pd, hand }, endpoints);
  } catch (error) {
    say('THE LIVE TESTS COULD NOT RUN.', error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await pd.close();
  }
}

async function testOn(reach: Reach, endpoints: readonly string[]): Promise<number> {
  const { before, obstacles } = await inspectCluster(reach);
  if (obstacles.length > 0) {
    say(
      `THE LIVE TESTS DO NOT START on ${endpoints.join(', ')}:`,
      ...obstacles,
      'Nothing was changed.',
    );
    return 1;
  }
  tellSkipped();
  const folder = mkdtempSync(join(tmpdir(), 'operator-live-'));
  beginJournal(join(folder, 'journal'));
  try {
    const outcome = await runTests();
    const left = await putEverythingBack(reach, before);
    return left.length > 0 ? 1 : outcome;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tellSkipped(): void {
  const missing = Object.values(HOOKS).filter(({ variable }) => !process.env[variable]);
  if (missing.length === 0) return;
  say('SCENARIOS ARE SKIPPED, because these commands are not given:', ...describeHooks(missing));
}

function describeHooks(
  hooks: readonly { readonly variable: string; readonly about: string }[],
): readonly string[] {
  return hooks.map(({ variable, about }) => `  ${variable}: ${about}`);
}

/** Runs in a process of their own, so that everything is put back however they end: 0 passed, 1 failed, 130 interrupted. */
function runTests(): Promise<number> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const vitest = dirname(createRequire(import.meta.url).resolve('vitest/package.json'));
  const args = [join(vitest, 'vitest.mjs'), 'run', '--root', root, ...process.argv.slice(2)];
  const tests = spawn(process.execPath, args, { stdio: 'inherit' });
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

async function putEverythingBack(reach: Reach, before: Snapshot): Promise<readonly string[]> {
  say('Putting everything back.');
  await restore(reach, before).catch((error: unknown) => {
    say('PUTTING BACK WAS NOT POSSIBLE:', error instanceof Error ? error.message : String(error));
  });
  const after = await takeSnapshot(reach);
  const left = compareSnapshots(before, after);
  const leaders = `Leaders by store: ${describeLeaders(before)} before, ${describeLeaders(after)} now.`;
  if (left.length === 0) say('The cluster is as it was before, region by region.', leaders);
  else say('THE CLUSTER IS NOT AS IT WAS BEFORE:', ...left, leaders);
  return left;
}

function say(...lines: readonly string[]): void {
  process.stderr.write([RULE, ...lines, RULE, ''].join('\n'));
}

process.exit(await main());
