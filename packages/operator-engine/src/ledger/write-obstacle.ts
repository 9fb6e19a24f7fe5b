import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject, OperatorError } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';

/** A little less than this is needed for one transaction. */
const PROBE_BYTES = 65_536;

const FULL: readonly string[] = ['ENOSPC', 'EDQUOT'];

/** `LEDGER_FULL` or `LEDGER_UNWRITABLE`, with the remedy for why the operating system refuses to write a path. */
export function createWriteError(
  file: string,
  said: { message: string; remedy: string; facts?: JsonObject; cause: unknown },
): OperatorError {
  const { message, facts = {}, cause } = said;
  const told = codeOf(cause);
  // Making folders tells of a missing one, whatever keeps it from being made.
  const errno = told === null || told === 'ENOENT' ? findObstacle(file) : told;
  const code = errno !== null && FULL.includes(errno) ? 'LEDGER_FULL' : 'LEDGER_UNWRITABLE';
  return createEngineError(code, {
    message,
    remedy: remedyFor(errno, file) ?? said.remedy,
    facts: { ...facts, ...(errno === null ? {} : { errno }) },
    cause,
  });
}

/** Writes a file beside the ledger and removes it. Returns the bytes that are free. Throws as the ledger would. */
export function probeWriting(location: string): number {
  // Named like a ledger that is being made, which no process takes for one.
  const beside = `${location}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(beside, Buffer.alloc(PROBE_BYTES), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    throw createWriteError(path.dirname(location), {
      message: `Nothing can be written beside the ledger ${location}: ${describeCause(error)}.`,
      remedy: 'Check that its folder can be written.',
      facts: { location },
      cause: error,
    });
  } finally {
    rmSync(beside, { force: true });
  }
  return freeBytesAt(location);
}

/** The error by which the operating system keeps this process from writing a file or its folder, or `null`. */
function findObstacle(file: string): string | null {
  const [folder, above] = [path.dirname(file), path.dirname(path.dirname(file))];
  for (const place of existsSync(folder) ? [file, folder] : [above]) {
    try {
      accessSync(place, constants.W_OK);
    } catch (error) {
      const code = codeOf(error);
      if (code !== null && code !== 'ENOENT') return code;
    }
  }
  return hasNoRoom(file) ? 'ENOSPC' : null;
}

function hasNoRoom(file: string): boolean {
  try {
    return freeBytesAt(file) < PROBE_BYTES;
  } catch {
    return false;
  }
}

function freeBytesAt(file: string): number {
  const { bavail, bsize } = statfsSync(path.dirname(file));
  return bavail * bsize;
}

function remedyFor(errno: string | null, file: string): string | null {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `Make space: \`df -h ${path.dirname(file)}\` shows the disk (also \`df -i\`, and the quota of this user). Then try again.`;
    case 'EROFS':
      return `Its file system is mounted read-only. Look why (\`dmesg\`; a disk with errors becomes so) with \`findmnt -T ${file}\`, and mount it for writing: \`mount -o remount,rw\`.`;
    case 'EPERM':
      return `It is made immutable: \`lsattr -d ${file} ${path.dirname(file)}\` shows it, and root takes that away with \`chattr -i\` (or \`chattr -a\`).`;
    default:
      return null;
  }
}

/** The code of an error of the operating system; `null` for any other. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
