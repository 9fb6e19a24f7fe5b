import { createEngineError } from '../../engine-error.ts';
import type { LedgerClock } from '../clock.ts';

/** An instant of the ledger's time, and where the machine's clock that never jumps stood then. */
export interface TimeAnchor {
  readonly at: number;
  readonly monotonic: number;
  readonly boot: string | null;
}

/**
 * The ledger's time: never before any instant that it has seen, and going on by the monotonic clock
 * while the machine's own clock stands an hour behind. So expiry and leases end when they should,
 * whatever happens to the clock.
 */
export class LedgerTime {
  readonly clock: LedgerClock;
  #own: TimeAnchor | null = null;

  constructor(clock: LedgerClock) {
    this.clock = clock;
  }

  /** The time now, given the last that the ledger has written down. */
  read(seen: TimeAnchor): TimeAnchor {
    const { clock } = this;
    const monotonic = clock.monotonicMs();
    const at = Math.max(
      clock.now(),
      seen.at + this.#passed(seen, monotonic),
      this.#own === null ? 0 : this.#own.at + (monotonic - this.#own.monotonic),
    );
    this.#own = { at, monotonic, boot: clock.boot };
    return this.#own;
  }

  #passed(seen: TimeAnchor, monotonic: number): number {
    const isComparable = seen.boot !== null && seen.boot === this.clock.boot;
    return isComparable ? Math.max(0, monotonic - seen.monotonic) : 0;
  }
}

/** An instant as RFC 3339, UTC. */
export function toIso(at: number): string {
  return new Date(at).toISOString();
}

/** An instant as RFC 3339, or `null`. */
export function toIsoOrNull(at: number | null): string | null {
  return at === null ? null : toIso(at);
}

/** Milliseconds since the epoch of an RFC 3339 time. Throws `PARAMETERS_INVALID`. */
export function parseTime(time: string): number {
  const at = Date.parse(time);
  if (!Number.isNaN(at)) return at;
  throw createEngineError('PARAMETERS_INVALID', {
    message: `${JSON.stringify(time)} is not a time.`,
    remedy: 'Write it as in 2026-03-01T12:00:00Z.',
    facts: { time },
  });
}
