import type { PDCallOptions } from '../http/connection.ts';
import type { PDError } from '../wire/pd-error.ts';
import type { PDQuorum } from '../wire/pd-quorum.ts';
import { wait } from '../wire/wait.ts';
import { quorumLost, readQuorum } from './quorum.ts';
import type { QuorumParts } from './quorum.ts';

/** Milliseconds without an answer after which the members are asked about each other. */
const SILENCE_MS = 2000;

/** Milliseconds of a read after which one report of a member without a leader is enough. */
const LEADERLESS_MS = 2000;

/** Milliseconds of a read after which the silence of most endpoints is enough. */
const SILENT_HERE_MS = 8000;

/** Milliseconds between two reports that must agree. */
const AGAIN_MS = 500;

/**
 * Decides for one read whether quorum is lost, and nothing else does: a member that stands still holds a read for its whole
 * time, and one without a leader has it asked again and again.
 */
export class QuorumWatch {
  readonly #parts: QuorumParts;
  readonly #options: PDCallOptions;
  readonly #startedAt = performance.now();
  readonly #leaderless = Promise.withResolvers<void>();
  #isLeaderless = false;
  #missing = 0;

  constructor(parts: QuorumParts, options: PDCallOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** A member has reported that there is no leader: the members are asked at once. */
  noteLeaderless(): void {
    this.#isLeaderless = true;
    this.#leaderless.resolve();
  }

  /** Never resolves; rejects with `PD_QUORUM_LOST` when the reports prove that no leader can be elected. */
  async run(): Promise<never> {
    await Promise.race([this.#wait(SILENCE_MS), this.#leaderless.promise]);
    for (;;) {
      const quorum = await this.#ask();
      if (quorum?.isLost === true && this.#isSure(quorum)) throw quorumLost(quorum);
      await this.#wait(this.#missing === 0 && !this.#isLeaderless ? SILENCE_MS : AGAIN_MS);
    }
  }

  /** The error that ends a read without an answer: `PD_QUORUM_LOST` when the members prove it now. */
  async conclude(error: PDError): Promise<PDError> {
    const quorum = this.#isLeaderless ? await this.#ask() : null;
    return quorum?.isLost === true ? quorumLost(quorum, error) : error;
  }

  /**
   * Two reports in a row are enough, or one after a while when a member also reports that there is no leader.
   */
  #isSure({ view }: PDQuorum): boolean {
    const elapsedMs = performance.now() - this.#startedAt;
    if (this.#isLeaderless) return this.#missing >= 2 || elapsedMs >= LEADERLESS_MS;
    // The members that are silent here may well hear each other, and another one may answer yet.
    return this.#missing >= 2 && (view === 'members' || elapsedMs >= SILENT_HERE_MS);
  }

  async #ask(): Promise<PDQuorum | null> {
    const quorum = await readQuorum(this.#parts, this.#options);
    this.#missing = quorum?.isLost === true ? this.#missing + 1 : 0;
    return quorum;
  }

  #wait(milliseconds: number): Promise<void> {
    return wait(milliseconds, this.#parts.connection.signals(this.#options));
  }
}

/** Result of a read, or `PD_QUORUM_LOST` while it has no answer yet. */
export async function watchQuorum<Value>(
  parts: QuorumParts,
  options: PDCallOptions,
  read: (options: PDCallOptions, watch: QuorumWatch) => Promise<Value>,
): Promise<Value> {
  const ended = new AbortController();
  const signal = AbortSignal.any([...parts.connection.signals(options), ended.signal]);
  const own = { ...options, signal };
  const watch = new QuorumWatch(parts, own);
  try {
    return await Promise.race([read(own, watch), watch.run()]);
  } finally {
    ended.abort();
  }
}
