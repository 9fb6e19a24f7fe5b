import { advanceTime, TIME_SLACK_MS } from './advance-time.ts';
import type { KeptTime, TimeReading } from './advance-time.ts';
import type { LedgerClock } from './machine-clock.ts';

/**
 * The one clock of an engine and its ledger: every record takes its time from here. It never goes back,
 * within a process and from one process to the next that uses the same ledger, and a jump of the
 * machine's clock does not move it.
 */
export class Clock {
  readonly #machine: LedgerClock;
  #last: TimeReading;
  #isFollowing = false;

  constructor(machine: LedgerClock) {
    this.#machine = machine;
    this.#last = beginTime(machine);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    this.#last = advanceTime(this.#last, this.#machine);
    return Math.floor(this.#last.at);
  }

  /** RFC 3339, UTC. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /**
   * Every time that it may be: also the machine's own where that is another one. A rule about the time of
   * day has to be asked for all of them.
   */
  candidates(): readonly number[] {
    const now = this.now();
    const { wall } = this.#last;
    return Math.abs(wall - now) > TIME_SLACK_MS ? [now, Math.floor(wall)] : [now];
  }

  /** Time that follows what a ledger has written down. From then on this clock goes by that ledger. */
  follow(kept: KeptTime): TimeReading {
    const read = advanceTime(kept, this.#machine);
    const own = this.#last;
    const isOwn = this.#isFollowing && own.epoch === kept.epoch;
    const least = isOwn ? own.at + Math.max(0, read.monotonic - own.monotonic) : 0;
    this.#last = { ...read, at: Math.max(read.at, least) };
    this.#isFollowing = true;
    return this.#last;
  }

  /** State of a new ledger: only the machine's clock is known. */
  begin(): TimeReading {
    return beginTime(this.#machine);
  }
}

function beginTime(machine: LedgerClock): TimeReading {
  const at = machine.now();
  const monotonic = machine.monotonicMs();
  const anchor = { at, monotonic };
  const known = { epoch: 0, jumpedMs: 0, acceptedMs: 0, jumpMs: 0, kept: null };
  return { at, wall: at, monotonic, boot: machine.boot, anchor, ...known };
}
