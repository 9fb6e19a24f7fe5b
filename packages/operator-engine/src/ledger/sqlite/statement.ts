import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Value that a statement accepts. */
export type Input = string | number | null;

/** One SQL statement, prepared when it is first used and only once. */
export class Statement<Row extends object> {
  readonly #database: () => DatabaseSync;
  readonly #sql: string;
  #prepared: StatementSync | null = null;

  constructor(database: () => DatabaseSync, sql: string) {
    this.#database = database;
    this.#sql = sql;
  }

  get(...inputs: readonly Input[]): Row | undefined {
    // The columns are those of the statement's text, which stands beside the type that its maker gives.
    return this.#statement.get(...inputs) as Row | undefined;
  }

  all(...inputs: readonly Input[]): Row[] {
    return this.#statement.all(...inputs) as Row[];
  }

  /** Runs it and says how many rows it changed. */
  run(...inputs: readonly Input[]): number {
    return Number(this.#statement.run(...inputs).changes);
  }

  get #statement(): StatementSync {
    this.#prepared ??= this.#database().prepare(this.#sql);
    return this.#prepared;
  }
}
