import { TIME_SLACK_MS } from '../../clock/advance-time.ts';
import type { TimeReading } from '../../clock/advance-time.ts';
import type { ClockStatus } from '../maintenance.ts';
import { toIso } from './ledger-time.ts';
import type { Instant } from './transaction.ts';

export function toClockStatus({ now, reading }: Instant): ClockStatus {
  const aheadMs = Math.floor(reading.wall) - now;
  return {
    at: toIso(now),
    machine: toIso(reading.wall),
    aheadMs,
    isHeld: Math.abs(aheadMs) > TIME_SLACK_MS,
    unconfirmedMs: sumUnconfirmed(reading),
  };
}

/** Jumps that were believed and that the owner has not confirmed, in milliseconds. */
export function sumUnconfirmed({ jumpedMs, acceptedMs }: TimeReading): number {
  return Math.max(0, Math.round(jumpedMs - acceptedMs));
}
