import { advise } from 'operator-core';
import type { OperatorError } from 'operator-core';
import { TIME_SLACK_MS } from '../../../clock/advance-time.ts';
import { operations } from '../../../errors/operations.ts';
import { createEngineError } from '../../../errors/engine-error.ts';
import { toIso } from './ledger-time.ts';
import type { Instant } from './open-transaction.ts';

type Clocks = Pick<Instant, 'now' | 'reading'>;

const MINUTE_MS = 60_000;

/** The earlier of the ledger's time and the machine's clock: what is over by it is over by both. */
export function earliestOf({ now, reading }: Clocks): number {
  return Math.min(now, Math.floor(reading.wall));
}

/** The later of the ledger's time and the machine's clock: what is not over by it is over by neither. */
export function latestOf({ now, reading }: Clocks): number {
  return Math.max(now, Math.floor(reading.wall));
}

/** True when the clocks are further apart than clocks are. */
export function isApart(clocks: Clocks): boolean {
  return latestOf(clocks) - earliestOf(clocks) > TIME_SLACK_MS;
}

/** True when a time is over by both clocks. */
export function isOverByBoth(clocks: Clocks, deadline: number): boolean {
  return deadline <= (isApart(clocks) ? earliestOf(clocks) : latestOf(clocks));
}

/** True when something that was made at `from` and holds until `until` holds by both clocks. */
export function holdsByBoth(
  clocks: Clocks,
  { from, until }: { from: number; until: number },
): boolean {
  const latest = latestOf(clocks);
  return until > latest && from <= latest + TIME_SLACK_MS;
}

/** `CLOCK_IN_DOUBT`. `what`: the beginning of the sentence. */
export function createInDoubt(
  clocks: Clocks,
  what: string,
  facts: { runId: string },
): OperatorError {
  const { now, reading } = clocks;
  return createEngineError('CLOCK_IN_DOUBT', {
    message: `${what}: ${describeApart(clocks)}. Nothing was sent.`,
    remedy: advise`Find out which of them is right (${operations.doctor} shows both). If it is the machine’s clock, the owner of the ledger sets the ledger’s time by it: ${operations.acceptTime}. Then plan again if the plan has expired.`,
    facts: { ...facts, at: toIso(now), machine: toIso(reading.wall) },
  });
}

/** Part of a sentence; the same from one second to the next. */
function describeApart({ now, reading }: Clocks): string {
  const minutes = Math.round((now - reading.wall) / MINUTE_MS);
  const side = minutes < 0 ? 'behind' : 'ahead of';
  return `the ledger’s time is ${Math.abs(minutes)} min ${side} this machine’s clock, and by one of them it has expired or is not valid yet`;
}
