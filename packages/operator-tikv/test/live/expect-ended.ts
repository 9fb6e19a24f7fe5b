import type { RunResult } from 'operator-engine';
import { expect } from 'vitest';
import { findContradictions } from '../gate/find-lies.ts';
import type { LiveCluster } from './cluster.ts';

/** A run may take so long to end once PD shows what there is to see. */
const SOON_MS = 60_000;

/** Measures from the moment at which PD's leader knows stores and regions again. */
export class Readable {
  readonly #cluster: LiveCluster;
  #since: Promise<number> | null = null;

  constructor(cluster: LiveCluster) {
    this.#cluster = cluster;
  }

  /** Begins to look. */
  begin(): void {
    this.#since = this.#cluster.readable().then(() => performance.now());
    // It is waited for later; until then a failure must not end the process.
    this.#since.catch(() => undefined);
  }

  /** Tells if not much time has passed since then. */
  async endedSoon(): Promise<boolean> {
    if (this.#since === null) throw new Error('begin() was not called');
    const ended = performance.now();
    return ended - (await this.#since) < SOON_MS;
  }
}

/** What the run says is so: a success where the effect is there and only there, and no contradiction in the ledger. */
export async function expectTruth(
  cluster: LiveCluster,
  result: RunResult,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const seen = { state: result.state, isThere: await isThere() };
  expect(seen, result.summary).toEqual({
    state: seen.isThere ? 'succeeded' : expect.not.stringMatching(/succeeded|verifying/u),
    isThere: seen.isThere,
  });
  expect(await findContradictions(cluster.site, cluster.engine)).toEqual([]);
}
