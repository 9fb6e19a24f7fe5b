import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { createEngineError } from '../../errors/engine-error.ts';
import { loadSqlite } from './load-sqlite.ts';
import { isBusy, toLedgerError } from './sqlite-error.ts';
import { Statement } from './statement.ts';

/** Durability of a transaction. */
export interface WriteOptions {
  /**
   * True when it must survive a power cut as soon as it is over. Without, it survives the death of the
   * process, and the next durable one carries it to the disk. Default: true.
   */
  readonly durable?: boolean;
  /** The run that is changed: its rows are compared with the audit first. */
  readonly run?: string;
}

/** Short: waiting inside SQLite stops everything else in the process. The rest is waited for outside. */
const WAIT_INSIDE_MS = 10;
const LONGEST_PAUSE_MS = 12;

/** One connection to the file. Bodies of transactions are synchronous, so they never mix. */
export class Database {
  readonly location: string;
  readonly #busyMs: number;
  #database: DatabaseSync | null;
  #committed: Database | null = null;
  readonly #composed = new Map<string, Statement<object>>();
  #isDurable = true;
  readonly #file: string;

  constructor(database: DatabaseSync, options: { location: string; busyMs: number }) {
    this.#database = database;
    this.location = options.location;
    this.#busyMs = options.busyMs;
    this.#file = identify(options.location);
  }

  prepare<Row extends object>(sql: string): Statement<Row> {
    return new Statement<Row>(() => this.connection, sql);
  }

  /** For SQL that is put together from conditions: the same text is prepared once. */
  once<Row extends object>(sql: string): Statement<Row> {
    const known = this.#composed.get(sql) ?? this.prepare<object>(sql);
    this.#composed.set(sql, known);
    // The same text has the same columns.
    return known as Statement<Row>;
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
    await this.patiently(() => this.connection.exec(sql));
  }

  /** All that `body` reads is of the same instant. */
  async read<Result>(body: () => Result): Promise<Result> {
    return this.patiently(() => this.#transaction('BEGIN', body));
  }

  /** All that `body` does happens, or nothing. */
  async write<Result>(body: () => Result, options: WriteOptions = {}): Promise<Result> {
    const { durable = true } = options;
    return this.patiently(() => {
      this.#setDurable(durable);
      return this.#transaction('BEGIN IMMEDIATE', body);
    });
  }

  /** Takes the right to write, and gives it back. */
  async tryLock(): Promise<void> {
    await this.patiently(() => this.connection.exec('BEGIN IMMEDIATE; ROLLBACK'));
  }

  /** Tries again while others are in the way. */
  async patiently<Result>(attempt: () => Result): Promise<Result> {
    const endsAt = performance.now() + this.#busyMs;
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= endsAt)
          throw toLedgerError(error, this.location);
      }
      await sleep(1 + Math.random() * LONGEST_PAUSE_MS);
    }
  }

  /** The same file through another connection: inside a transaction, what it was before that. */
  get committed(): Database {
    const { location } = this;
    const busyMs = this.#busyMs;
    this.#committed ??= new Database(
      new (loadSqlite().DatabaseSync)(location, { readOnly: true, timeout: WAIT_INSIDE_MS }),
      { location, busyMs },
    );
    return this.#committed;
  }

  close(): void {
    const database = this.#database;
    this.#committed?.close();
    this.#committed = null;
    this.#database = null;
    database?.close();
  }

  #transaction<Result>(begin: string, body: () => Result): Result {
    const database = this.connection;
    this.#requireSameFile();
    database.exec(begin);
    try {
      const result = body();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite itself may have rolled back already, as it does when the disk is full.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Throws when the file was removed or replaced: this process would still write to it, while others create a new one. */
  #requireSameFile(): void {
    if (identify(this.location) === this.#file) return;
    throw createEngineError('LEDGER_UNWRITABLE', {
      message: `The ledger ${this.location} was removed or replaced while this process used it: nothing more is done.`,
      remedy:
        'End every process that uses it, put the file back, and check the runs: `operator runs`.',
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
