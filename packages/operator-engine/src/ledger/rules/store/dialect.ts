/**
 * Dialect of the rules: what SQLite and PostgreSQL have in common, with `?` for each input, and two words that a
 * driver writes in its own way. `MEMBER(entry, 'details.to')` is a member of the JSON text in a column, as text or as
 * the number that it is; `INDEX(run_by_state)` after a table is the index that answers without reading everything.
 */
export interface Dialect {
  member(column: string, path: readonly string[]): string;
  /** Empty where the database finds the index by itself. */
  index(name: string): string;
}

const MEMBER = /\bMEMBER\((?<column>[\w.]+), '(?<path>[\w.]+)'\)/gu;
const INDEX = /\bINDEX\((?<name>\w+)\)/gu;

/** The statement in the words of one database. */
export function translate(sql: string, dialect: Dialect): string {
  return sql
    .replaceAll(MEMBER, (_, column: string, path: string) =>
      dialect.member(column, path.split('.')),
    )
    .replaceAll(INDEX, (_, name: string) => dialect.index(name));
}
