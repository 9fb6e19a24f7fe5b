import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { advise } from 'operator-core';
import type { Remedy } from 'operator-core';
import { operations } from '../errors/operations.ts';

/** A process that keeps others from using a ledger. */
export interface LockHolder {
  readonly pid: number;
  /** The beginning of its command line. */
  readonly command: string;
  /** True when it was stopped by a signal: it keeps the lock until it continues or is killed. */
  readonly isStopped: boolean;
}

const SHOWN_WORDS = 3;
const LONGEST = 160;
/** `1: POSIX ADVISORY WRITE 4711 fe:00:983854 120 120`. */
const LOCK = /^\d+: (?:POSIX|OFDLCK) +\S+ +WRITE +(?<pid>\d+) +\S+:(?<inode>\d+) /u;
const STATE = /\) (?<state>\S) /u;

/** The process that holds the lock to write a ledger; `null` where that cannot be read. */
export function findLockHolder(location: string): LockHolder | null {
  try {
    const inodes = [`${location}-shm`, location].map(inodeOf);
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      const { pid = '', inode = '' } = LOCK.exec(line)?.groups ?? {};
      if (!inodes.includes(inode) || Number(pid) === process.pid) continue;
      return describeProcess(Number(pid));
    }
  } catch {
    // Not Linux, or not this process's to know.
  }
  return null;
}

/** The process as part of a sentence. */
export function describeHolder({ pid, command, isStopped }: LockHolder): string {
  const what = isStopped ? 'was stopped by a signal, and holds on to the lock' : 'holds the lock';
  return `process ${pid}, ${command}, ${what}`;
}

/** Remedy for a ledger that is busy. */
export function remedyAgainst(holder: LockHolder | null): string | Remedy {
  if (holder === null)
    return 'Try again; if it happens again, find out which process holds the file.';
  const { pid, isStopped } = holder;
  return isStopped
    ? advise`The ledger is unusable until that process continues or ends: \`kill -CONT ${pid}\` lets it continue, \`kill -KILL ${pid}\` ends it, and its unfinished transaction is rolled back. Then ${operations.recoverRuns}.`
    : `Try again; if it happens again, look at that process: \`ps -fp ${pid}\`. \`kill ${pid}\` ends it.`;
}

function describeProcess(pid: number): LockHolder {
  const [program = '', ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const words = [path.basename(program), ...rest].slice(0, SHOWN_WORDS);
  const state = STATE.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.groups?.['state'] ?? '';
  const command = words.join(' ').trim().slice(0, LONGEST);
  return { pid, command, isStopped: state === 'T' || state === 't' };
}

function inodeOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '-' : String(found.ino);
}
