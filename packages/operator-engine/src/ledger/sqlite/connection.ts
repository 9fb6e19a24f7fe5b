import { translate } from '../rules/store/dialect.ts';
import type { Dialect } from '../rules/store/dialect.ts';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Input, Queries } from '../rules/store/statement.ts';

const SQLITE: Dialect = {
  member: (column, path) => `${column} ->> '$.${path.join('.')}'`,
  index: (name) => `INDEXED BY ${name}`,
};

/** A connection to the file, with its statements: each text is prepared once. */
export class Connection implements Queries {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async get(sql: string, inputs: readonly Input[]): Promise<object | undefined> {
    return this.#prepare(sql).get(...inputs);
  }

  async all(sql: string, inputs: readonly Input[]): Promise<object[]> {
    return this.#prepare(sql).all(...inputs);
  }

  async run(sql: string, inputs: readonly Input[]): Promise<number> {
    return Number(this.#prepare(sql).run(...inputs).changes);
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(translate(sql, SQLITE));
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** The rows for as long as a transaction lasts: a statement that comes later must not reach the next one. */
export class OpenQueries implements Queries {
  readonly isUntouched: boolean;
  #connection: Connection | null;
  readonly #openBefore: () => Queries;

  constructor(
    connection: Connection,
    { isUntouched, openBefore }: { isUntouched: boolean; openBefore: () => Queries },
  ) {
    this.isUntouched = isUntouched;
    this.#connection = connection;
    this.#openBefore = openBefore;
  }

  get(sql: string, inputs: readonly Input[]): Promise<object | undefined> {
    return this.#open.get(sql, inputs);
  }

  all(sql: string, inputs: readonly Input[]): Promise<object[]> {
    return this.#open.all(sql, inputs);
  }

  run(sql: string, inputs: readonly Input[]): Promise<number> {
    return this.#open.run(sql, inputs);
  }

  /** The rows as they were before the transaction. */
  before(): Queries {
    return this.#openBefore();
  }

  end(): void {
    this.#connection = null;
  }

  get #open(): Connection {
    if (this.#connection !== null) return this.#connection;
    throw new Error('A statement was run after the end of its transaction.');
  }
}
