import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from 'operator-engine';
import { median, toAtLeast, toLimit } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openSwitchboard, planPress, press } from './switchboard.ts';

const WARM_UP = 30;
const RUNS = 300;

/** Measures the share of the ledger in a run whose system answers and shows the effect immediately. */
export async function measureLedger(): Promise<readonly Measurement[]> {
  await using bench = await openSwitchboard();
  const { engine, subject } = bench;
  const spent = timeCalls(await engine.openLedger());
  const runs: number[] = [];
  const ledger: number[] = [];
  const disk: number[] = [];
  for (let run = 1; run <= WARM_UP + RUNS; run += 1) {
    const plan = await planPress(subject, run);
    spent.ms = 0;
    const startedAt = performance.now();
    await press(subject, plan);
    const ms = performance.now() - startedAt;
    // In the same breath, so that a disk whose speed drifts does not tell tales.
    const synced = syncOnce(join(bench.directory, 'disk'));
    if (run <= WARM_UP) continue;
    runs.push(ms);
    ledger.push(spent.ms);
    disk.push(synced);
  }
  const perSecond = 1_000 / median(runs);
  const without = median(runs) - median(ledger);
  return [
    {
      ...toLimit(
        'a run with ledger, beside the same run without the time it spends there',
        { measured: median(ledger), unit: 'ms more' },
        10,
      ),
      detail: `${median(runs).toFixed(2)} ms / ${without.toFixed(2)} ms; one write to this disk: ${median(disk).toFixed(2)} ms`,
    },
    toAtLeast(
      'runs one after the other on one ledger, when the effect is there at once',
      { measured: perSecond, unit: 'runs/s' },
      100,
    ),
  ];
}

/** Adds up the time for which callers wait for the ledger. */
function timeCalls(ledger: Ledger): { ms: number } {
  const spent = { ms: 0 };
  for (const name of ['runs', 'approvals', 'leases', 'runners', 'mode', 'audit'] as const) {
    const group: object = ledger[name];
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(group))) {
      const original: unknown = Reflect.get(group, method);
      if (method === 'constructor' || typeof original !== 'function') continue;
      const timed = async (...given: readonly unknown[]): Promise<unknown> => {
        const startedAt = performance.now();
        try {
          return (await Reflect.apply(original, group, given)) as unknown;
        } finally {
          spent.ms += performance.now() - startedAt;
        }
      };
      Object.defineProperty(group, method, { value: timed });
    }
  }
  return spent;
}

/** Measures the time that this disk takes to store one page durably, in milliseconds. */
function syncOnce(path: string): number {
  const startedAt = performance.now();
  const file = openSync(path, 'a');
  writeSync(file, Buffer.alloc(4_096));
  fsyncSync(file);
  closeSync(file);
  return performance.now() - startedAt;
}
