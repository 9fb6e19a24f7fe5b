/** Value that a statement accepts. */
export type Input = string | number | null;

/** Runs SQL at one place: inside a transaction, or on the rows as they were before it. */
export interface Queries {
  /** The first row. */
  get(sql: string, inputs: readonly Input[]): Promise<object | undefined>;
  all(sql: string, inputs: readonly Input[]): Promise<object[]>;
  /** Returns the number of rows that it changed. */
  run(sql: string, inputs: readonly Input[]): Promise<number>;
}

/** One SQL statement, with the type of its rows. The text is of the dialect in `dialect.ts` that all drivers understand. */
export class Statement<Row extends object> {
  readonly #sql: string;

  constructor(sql: string) {
    this.#sql = sql;
  }

  get(queries: Queries, ...inputs: readonly Input[]): Promise<Row | undefined> {
    // The columns are those of the statement's text, which stands beside the type that its maker gives.
    return queries.get(this.#sql, inputs) as Promise<Row | undefined>;
  }

  all(queries: Queries, ...inputs: readonly Input[]): Promise<Row[]> {
    return queries.all(this.#sql, inputs) as Promise<Row[]>;
  }

  /** Runs it and says how many rows it changed. */
  run(queries: Queries, ...inputs: readonly Input[]): Promise<number> {
    return queries.run(this.#sql, inputs);
  }
}
