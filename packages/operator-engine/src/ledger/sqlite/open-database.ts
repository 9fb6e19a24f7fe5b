import type { ChangingQueries, Migrated } from '../rules/store/driver.ts';
import { existsSync } from 'node:fs';
import { OperatorError } from 'operator-core';
import { describeCause } from '../../errors/describe-cause.ts';
import { createWriteError } from '../write-obstacle.ts';
import { copyFile } from './backup.ts';
import { CONNECTION_PRAGMAS, Database } from './database.ts';
import { loadSqlite } from './load-sqlite.ts';
import { APPLICATION_ID, prepareFile } from './prepare-file.ts';
import { createCorrupt, createTooNew } from '../rules/store/store-errors.ts';
import { toLedgerError } from './sqlite-error.ts';

/** Options for opening a file. */
export interface OpenOptions {
  readonly busyMs: number;
  /** Every step from an empty file to the shape of this version. */
  readonly migrations: readonly string[];
  /** Writes what every ledger has, inside the transaction that makes the tables. */
  readonly onMigrated: (
    database: Database,
    step: { readonly queries: ChangingQueries; readonly migrated: Migrated },
  ) => Promise<void>;
}

/**
 * Opens the file, makes it or brings it to the shape of this version. A file of a newer version, or
 * of another program, is not touched.
 */
export async function openDatabase(location: string, options: OpenOptions): Promise<Database> {
  const { migrations } = options;
  const database = connect(location, options.busyMs);
  try {
    await checkOwner(database, migrations.length);
    await database.execute('PRAGMA journal_mode = WAL');
    await database.execute(CONNECTION_PRAGMAS);
    await migrate(database, options);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function connect(location: string, busyMs: number): Database {
  const sqlite = loadSqlite();
  try {
    prepareFile(location);
    const connection = new sqlite.DatabaseSync(location, { timeout: 10 });
    return new Database(connection, { location, busyMs });
  } catch (error) {
    if (OperatorError.isInstance(error)) throw error;
    const known = toLedgerError(error, location);
    if (known !== error) throw known;
    throw createWriteError(location, {
      message: `The ledger ${location} cannot be made: ${describeCause(error)}.`,
      remedy: 'Check that its directory can be made and written, or name another place.',
      facts: { location },
      cause: error,
    });
  }
}

/** Looks whose file it is before anything in it is changed. */
async function checkOwner(database: Database, known: number): Promise<void> {
  const { location } = database;
  await database.read(async () => {
    const version = pragma(database, 'user_version');
    const application = pragma(database, 'application_id');
    const tables = database.connection.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
    const isEmpty = version === 0 && application === 0 && tables?.['n'] === 0;
    if (!isEmpty && application !== APPLICATION_ID) {
      throw createCorrupt(location, new Error('it is a database of another program'));
    }
    if (version > known) throw createTooNew(location, { version, known });
  });
}

async function migrate(database: Database, options: OpenOptions): Promise<void> {
  const { migrations, onMigrated } = options;
  const to = migrations.length;
  const seen = await database.read(async () => pragma(database, 'user_version'));
  if (seen === to) return;
  await database.write(async (queries) => {
    // Another process may have been faster, or newer.
    const from = pragma(database, 'user_version');
    if (from > to) throw createTooNew(database.location, { version: from, known: to });
    if (from === to) return;
    const backup = from === 0 ? null : freePath(`${database.location}.v${from}.backup`);
    if (backup !== null) copyFile(database.location, backup);
    const { connection } = database;
    for (const step of migrations.slice(from)) connection.exec(step);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec(`PRAGMA user_version = ${to}`);
    await onMigrated(database, { queries, migrated: { from, to, backup } });
  });
}

function freePath(wanted: string): string {
  let candidate = wanted;
  for (let number = 2; existsSync(candidate); number += 1) candidate = `${wanted}.${number}`;
  return candidate;
}

function pragma(database: Database, name: 'user_version' | 'application_id'): number {
  return Number(database.connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}
