import { sumUnconfirmed, TIME_SLACK_MS, UNPROVEN_PAUSE_MS } from '../../../clock/advance-time.ts';
import type { KeptTime } from '../../../clock/advance-time.ts';
import type { ClockStatus } from '../../maintenance.ts';
import { toIso } from './ledger-time.ts';
import type { Instant } from './transaction.ts';

export function toClockStatus({ now, reading }: Instant): ClockStatus {
  const aheadMs = Math.floor(reading.wall) - now;
  return {
    at: toIso(now),
    machine: toIso(reading.wall),
    aheadMs,
    isHeld: Math.abs(aheadMs) > TIME_SLACK_MS,
    unconfirmedMs: sumUnproven(reading),
  };
}

/** Jumps that were believed, that the owner has not confirmed, and that together are longer than restarts take. */
export function sumUnproven(reading: KeptTime): number {
  const sum = sumUnconfirmed(reading);
  return sum > UNPROVEN_PAUSE_MS ? sum : 0;
}
