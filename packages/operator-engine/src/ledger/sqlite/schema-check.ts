import type { DatabaseSync } from 'node:sqlite';
import type { Database } from './database.ts';
import { loadSqlite } from './load-sqlite.ts';
import { MIGRATIONS } from './schema.ts';

/** Triggers, views, indexes and tables that this program did not make, and those that are not as it made them. */
export function checkSchema(database: Database): readonly string[] {
  const expected = readExpected();
  const found = readObjects(database.connection);
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const changed = [...found].filter(([name, sql]) => expected.get(name) !== sql);
  return [
    ...missing.map((name) => `the ${name} is gone`),
    ...changed.map(([name]) =>
      expected.has(name) ? `the ${name} was changed` : `the ${name} is not of this program`,
    ),
  ];
}

function readExpected(): ReadonlyMap<string, string | null> {
  const database = new (loadSqlite().DatabaseSync)(':memory:');
  try {
    for (const step of MIGRATIONS) database.exec(step);
    return readObjects(database);
  } finally {
    database.close();
  }
}

/** By kind and name, with the text that made each. */
function readObjects(connection: DatabaseSync): ReadonlyMap<string, string | null> {
  // Statistics of ANALYZE change no row.
  const rows = connection
    .prepare(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'`,
    )
    .all();
  return new Map(
    rows.map(({ type, name, tbl_name: table, sql }) => [
      `${String(type)} ${String(name)} of ${String(table)}`,
      sql === null ? null : String(sql),
    ]),
  );
}
