import { advise } from 'operator-core';
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import { loadSqlite } from './load-sqlite.ts';
import { isBusy, toLedgerError } from './sqlite-error.ts';
import { Connection, OpenQueries } from './connection.ts';
import { ForeignWrites } from './foreign-writes.ts';
import type { ChangingQueries, Durability } from '../rules/store/driver.ts';
import type { Queries } from '../rules/store/statement.ts';
import { Turns } from '../../base/turns.ts';

/** Short: waiting inside SQLite stops everything else in the process. The rest is waited for outside. */
const WAIT_INSIDE_MS = 10;
const LONGEST_PAUSE_MS = 12;

/** One connection to the file. One transaction at a time uses it, so that two never mix. */
export class Database {
  readonly location: string;
  readonly #busyMs: number;
  readonly #turns = new Turns();
  #database: DatabaseSync | null;
  #committed: Connection | null = null;
  #connection: Connection;
  #isDurable = true;
  readonly #file: string;
  readonly #foreign: ForeignWrites;

  constructor(database: DatabaseSync, options: { location: string; busyMs: number }) {
    this.#database = database;
    this.#connection = new Connection(database);
    this.location = options.location;
    this.#busyMs = options.busyMs;
    this.#file = identify(options.location);
    this.#foreign = new ForeignWrites(database, options.location);
  }

  get connection(): DatabaseSync {
    if (this.#database !== null) return this.#database;
    throw createEngineError('LEDGER_CLOSED', {
      message: `The ledger ${this.location} was closed.`,
      remedy: 'Open it again.',
    });
  }

  /** Runs SQL outside of a transaction, waiting for others. */
  async execute(sql: string): Promise<void> {
    await this.#patiently(() => this.connection.exec(sql));
  }

  /** All that `body` reads is of the same instant. */
  async read<Result>(body: (queries: Queries) => Promise<Result>): Promise<Result> {
    return this.#patiently(async () => this.#transaction({ isWrite: false }, body));
  }

  /** All that `body` does happens, or nothing. */
  async write<Result>(
    body: (queries: ChangingQueries) => Promise<Result>,
    options: Durability = {},
  ): Promise<Result> {
    const { durable = true } = options;
    return this.#patiently(async () => {
      this.#setDurable(durable);
      return this.#transaction({ isWrite: true }, body);
    });
  }

  /** Takes the right to write, and gives it back. */
  async tryLock(): Promise<void> {
    await this.execute('BEGIN IMMEDIATE; ROLLBACK');
  }

  /** Waits for the transactions that have been asked for. */
  async close(): Promise<void> {
    await this.#turns.take(() => {
      const database = this.#database;
      this.#committed?.close();
      this.#committed = null;
      this.#database = null;
      database?.close();
    });
  }

  /** Tries again while other processes are in the way; meanwhile other transactions of this process have their turn. */
  async #patiently<Result>(attempt: () => Result | Promise<Result>): Promise<Result> {
    const endsAt = performance.now() + this.#busyMs;
    for (;;) {
      try {
        return await this.#turns.take(attempt);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= endsAt)
          throw toLedgerError(error, this.location);
      }
      await sleep(1 + Math.random() * LONGEST_PAUSE_MS);
    }
  }

  async #transaction<Result>(
    { isWrite }: { isWrite: boolean },
    body: (queries: ChangingQueries) => Promise<Result>,
  ): Promise<Result> {
    const database = this.connection;
    this.#requireSameFile();
    database.exec(isWrite ? 'BEGIN IMMEDIATE' : 'BEGIN');
    const { isUntouched } = isWrite ? this.#foreign.begin() : { isUntouched: false };
    const openBefore = (): Queries => this.#openCommitted();
    const queries = new OpenQueries(this.#connection, { isUntouched, openBefore });
    try {
      const result = await body(queries);
      queries.end();
      database.exec('COMMIT');
      if (isWrite) this.#foreign.end();
      return result;
    } catch (error) {
      queries.end();
      // SQLite itself may have rolled back already, as it does when the disk is full.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The same file through another connection: inside a transaction, what it was before that. */
  #openCommitted(): Connection {
    const options = { readOnly: true, timeout: WAIT_INSIDE_MS };
    this.#committed ??= new Connection(new (loadSqlite().DatabaseSync)(this.location, options));
    return this.#committed;
  }

  /** Throws when the file was removed or replaced: this process would still write to it, while others create a new one. */
  #requireSameFile(): void {
    if (identify(this.location) === this.#file) return;
    throw createEngineError('LEDGER_UNWRITABLE', {
      message: `The ledger ${this.location} was removed or replaced while this process used it: nothing more is done.`,
      remedy: advise`End every process that uses it, put the file back, and check the runs: ${operations.listRuns}.`,
      facts: { location: this.location },
    });
  }

  #setDurable(durable: boolean): void {
    if (this.#isDurable === durable) return;
    this.connection.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    this.#isDurable = durable;
  }
}

/** Settings of every connection. */
export const CONNECTION_PRAGMAS = [
  `PRAGMA busy_timeout = ${WAIT_INSIDE_MS}`,
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  'PRAGMA trusted_schema = OFF',
].join(';');

/** Identity of the file at a path; empty when there is none. */
function identify(location: string): string {
  const found = statSync(location, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}
