import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { OperatorError } from 'operator-core';
import { describeCause } from '../../errors/describe-cause.ts';
import { createEngineError } from '../../errors/engine-error.ts';
import { loadSqlite } from './load-sqlite.ts';
import { toLedgerError } from './sqlite-error.ts';

/**
 * Copies a ledger as it is at one instant to a file that must not exist, and waits until it is on the disk. Returns the
 * copy's size in bytes. The connection is one of its own, so that others can go on reading and writing.
 */
export function copyFile(location: string, target: string): number {
  const connection = new (loadSqlite().DatabaseSync)(location, { timeout: 1_000 });
  try {
    reserve(target);
    return fill(connection, target);
  } finally {
    connection.close();
  }
}

function fill(connection: DatabaseSync, target: string): number {
  try {
    connection.prepare('VACUUM INTO ?').run(target);
    sync(target);
    sync(path.dirname(target));
    return statSync(target).size;
  } catch (error) {
    rmSync(target, { force: true });
    const known = toLedgerError(error, target);
    if (OperatorError.isInstance(known) && known.code !== 'LEDGER_UNWRITABLE') throw known;
    throw createNoBackup(target, error);
  }
}

/** Makes the file, so that no other's is ever overwritten or removed. SQLite fills an empty one. */
function reserve(target: string): void {
  try {
    closeSync(openSync(target, 'wx', 0o600));
  } catch (error) {
    throw createNoBackup(target, error);
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function createNoBackup(target: string, cause: unknown): OperatorError {
  return createEngineError('LEDGER_UNWRITABLE', {
    message: `The ledger cannot be copied to ${target}: ${describeCause(cause)}.`,
    remedy: 'Name a file that does not exist yet, in a directory that you may write.',
    facts: { target },
    cause,
  });
}
