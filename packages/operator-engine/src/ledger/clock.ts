import { readFileSync } from 'node:fs';

/** Where the ledger takes its time from. */
export interface LedgerClock {
  /** Milliseconds since the epoch. May jump. */
  now(): number;
  /** Milliseconds since an instant that is the same for all processes with the same {@link boot}. Never jumps. */
  monotonicMs(): number;
  /**
   * The running machine that `monotonicMs` belongs to, another one after each restart of the machine.
   * `null` where that cannot be told; then times of other processes are compared by `now`.
   */
  readonly boot: string | null;
}

/** The clock of this machine. */
export function createMachineClock(): LedgerClock {
  return { now: Date.now, monotonicMs, boot: readBoot() };
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

function readBoot(): string | null {
  // Only Linux says it in a file; its monotonic clock is the same for every process, also in containers.
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null;
  } catch {
    return null;
  }
}
