import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { requireClosed, requireWritable } from '../file-access.ts';
import { loadSqlite } from './load-sqlite.ts';
import { createCorrupt } from '../rules/store/store-errors.ts';

/** Marks the file as a ledger: `OPLG`. */
export const APPLICATION_ID = 0x4f_50_4c_47;

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;

/**
 * Makes the ledger's file and its directory where they are missing. A file that cannot be written is not
 * opened at all: SQLite would leave companions of it behind that lock out those who can.
 */
export function prepareFile(location: string): void {
  const directory = path.dirname(location);
  mkdirSync(directory, { recursive: true });
  requireClosed(directory, location);
  if (!existsSync(location)) makeFile(location, statSync(directory).mode);
  requireWritable(location);
  requireContent(location);
}

/**
 * Makes a file that is a ledger from its first byte on, beside its place, and puts it there at once: an empty
 * file is one that was lost. SQLite gives the companions of a file its mode, but makes the file itself
 * only for its owner to write.
 */
function makeFile(location: string, directoryMode: number): void {
  const isShared = (directoryMode & GROUP_WRITES) !== 0 && (directoryMode & STICKY) === 0;
  const mode = isShared ? 0o600 | (directoryMode & 0o060) : 0o600;
  const beside = `${location}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    const database = new (loadSqlite().DatabaseSync)(beside);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.close();
    // The umask counts for the directory: its owner has decided who may write there.
    chmodSync(beside, mode);
    linkSync(beside, location);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(location)) throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** A ledger is never empty: what was in it is lost, and nothing must look as if it had never been. */
function requireContent(location: string): void {
  if (statSync(location).size > 0) return;
  throw createCorrupt(location, new Error('it is empty'));
}
