import type { LedgerClock } from 'operator-engine';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/**
 * The clock of a machine as it was some time ago, before it was started again: what was under way then
 * has no living owner now, and its time is over.
 */
export function createClock({ behindMs, boot }: { behindMs: number; boot: string }): LedgerClock {
  return {
    now: () => Date.now() - behindMs,
    monotonicMs: () => performance.timeOrigin - behindMs + performance.now(),
    boot,
  };
}

/** A clock of this machine that a test can set. */
export function createJumpingClock(): LedgerClock & { jump(ms: number): void } {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    monotonicMs: () => performance.timeOrigin + performance.now(),
    boot: 'this start',
    jump: (ms) => {
      offset += ms;
    },
  };
}
