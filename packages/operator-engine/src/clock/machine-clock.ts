import { readFileSync, readlinkSync, statfsSync } from 'node:fs';
import { uptime } from 'node:os';

/** Source of the engine's time: one machine's clocks. */
export interface LedgerClock {
  /** Milliseconds since the epoch. May jump. */
  now(): number;
  /**
   * Milliseconds since an instant that is the same for all processes with the same {@link boot}. Never
   * jumps, and goes on while the machine sleeps.
   */
  monotonicMs(): number;
  /**
   * Id of the boot that `monotonicMs` belongs to; another one after each restart of the machine.
   * `null` where that is not known; then two readings are of one boot when both clocks moved equally.
   */
  readonly boot: string | null;
  /** True in a time namespace: `monotonicMs` is shifted, and no ledger's time may follow it. */
  readonly isForeign?: boolean;
}

/** The type of a filesystem that the kernel itself serves; a container may have put another in its place. */
const PROC = 0x9f_a0;
/** Inode of the time namespace that every machine starts with. */
const FIRST_TIME_NAMESPACE = 'time:[4026531834]';

/**
 * Clocks of this machine. The kernel's uptime is read from its file, which a preloaded library that
 * shifts the time of one process does not shift.
 */
export function createMachineClock(): LedgerClock {
  const isForeign = readNamespace() !== '';
  return { now: () => Date.now(), monotonicMs: readUptime, boot: readBoot(), isForeign };
}

function readUptime(): number {
  return uptime() * 1_000;
}

function readBoot(): string | null {
  if (process.platform !== 'linux') return null;
  try {
    // A container may have an uptime of its own, which cannot be compared with the host's.
    if (statfsSync('/proc/uptime').type !== PROC) return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return boot === '' ? null : `${boot}${readNamespace()}`;
  } catch {
    return null;
  }
}

/** Empty outside of a time namespace, whose uptime is shifted. */
function readNamespace(): string {
  try {
    const namespace = readlinkSync('/proc/self/ns/time');
    return namespace === FIRST_TIME_NAMESPACE ? '' : ` ${namespace}`;
  } catch {
    // A kernel older than time namespaces.
    return '';
  }
}
