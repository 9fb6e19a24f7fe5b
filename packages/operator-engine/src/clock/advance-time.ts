import type { LedgerClock } from './machine-clock.ts';

/** Time as the ledger keeps it. Milliseconds. */
export interface KeptTime {
  /** Last instant that was written down, and the monotonic clock then. */
  readonly at: number;
  readonly monotonic: number;
  readonly boot: string | null;
  /** Instant from which the monotonic clock of `boot` bounds the time; `null` while the machine's clock was behind. */
  readonly anchor: { readonly at: number; readonly monotonic: number } | null;
  /** Goes up whenever the owner of the ledger sets its time; within one epoch time never goes back. */
  readonly epoch: number;
  /** Sum of all jumps that were believed without proof, of which `acceptedMs` were confirmed. */
  readonly jumpedMs: number;
  readonly acceptedMs: number;
}

/** The time now. */
export interface TimeReading extends KeptTime {
  /** The machine's own clock. */
  readonly wall: number;
  /** The jump that this reading believed without proof; 0 for none. */
  readonly jumpMs: number;
  /** The time that stays written down, where this process may not advance it; else `null`. */
  readonly kept: KeptTime | null;
}

/** Difference between the machine's clock and the monotonic one that is no jump. */
export const TIME_SLACK_MS = 60_000;
/** Clocks of one machine may drift apart by so much. */
const DRIFT = 0.001;
/** Pauses from one boot to the next that may add up, unconfirmed, before leases and pruning stop counting them. */
export const UNPROVEN_PAUSE_MS = 3_600_000;

/**
 * Time that follows `kept`. Within a boot it is the machine's clock as long as that agrees with the
 * monotonic one, and else goes on by the monotonic one alone. After a restart the machine's clock is
 * believed when it is later, and each pause is counted as a jump: many short ones add up too. A process in
 * a time namespace has a monotonic clock that proves nothing: it moves no time but its own.
 */
export function advanceTime(kept: KeptTime, machine: LedgerClock): TimeReading {
  const wall = machine.now();
  const monotonic = machine.monotonicMs();
  const now = { ...kept, wall, monotonic, boot: machine.boot, jumpMs: 0, kept: null };
  if (machine.isForeign === true) return { ...now, at: kept.at + ownPassed(kept, now), kept };
  const passed = monotonic - kept.monotonic;
  const isSameBoot = passed >= 0 && isOneBoot(kept, { boot: machine.boot, wall, passed });
  const floor = isSameBoot ? kept.at + passed : kept.at;
  if (wall < floor) return { ...now, at: floor, anchor: isSameBoot ? kept.anchor : null };
  if (isSameBoot && kept.anchor !== null) {
    return { ...now, at: wall <= ceilingOf(kept.anchor, monotonic) ? wall : floor };
  }
  const pause = wall - floor;
  const jumpMs = pause > TIME_SLACK_MS ? pause : 0;
  const anchor = { at: wall, monotonic };
  return { ...now, at: wall, anchor, jumpMs, jumpedMs: kept.jumpedMs + jumpMs };
}

/** Time since the last reading of this process, for a process in a time namespace; 0 without such a reading. */
function ownPassed(kept: KeptTime, now: { boot: string | null; monotonic: number }): number {
  return kept.boot === now.boot ? Math.max(0, now.monotonic - kept.monotonic) : 0;
}

function isOneBoot(
  kept: KeptTime,
  now: { boot: string | null; wall: number; passed: number },
): boolean {
  if (kept.boot !== null || now.boot !== null) return kept.boot === now.boot;
  return Math.abs(now.wall - kept.at - now.passed) <= TIME_SLACK_MS;
}

/** Counted from the first instant of the boot: many small steps must not add up. */
function ceilingOf(anchor: { at: number; monotonic: number }, monotonic: number): number {
  return anchor.at + (monotonic - anchor.monotonic) * (1 + DRIFT) + TIME_SLACK_MS;
}

/** Jumps that were believed and that the owner has not confirmed, in milliseconds. */
export function sumUnconfirmed({ jumpedMs, acceptedMs }: KeptTime): number {
  return Math.max(0, Math.round(jumpedMs - acceptedMs));
}
