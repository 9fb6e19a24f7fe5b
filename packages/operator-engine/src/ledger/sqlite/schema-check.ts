import { advise } from 'operator-core';
import { hash } from 'node:crypto';
import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import { loadSqlite } from './load-sqlite.ts';
import { MIGRATIONS } from '../rules/store/schema.ts';
import { Connection } from './connection.ts';
import type { Queries } from '../rules/store/statement.ts';

/** An object of the schema: its name, and the text that made it. */
interface SchemaObject {
  readonly name: string;
  readonly sql: string | null;
}

/** Statistics of ANALYZE change no row. */
const OBJECTS = `SELECT type || ' ' || name || ' of ' || tbl_name AS name, sql FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY 1`;

/** Hash of the objects of this version, so that only a schema with differences is compared object by object. */
export const EXPECTED_HASH = '1dbf4e2903746154d43fbf3c427e2a3bd13274f0dca8a12c10dd1ffc610e843b';

/**
 * Keeps changes from a ledger whose schema this program did not make: a trigger would change rows inside our own
 * transactions, so that they would be marked as ours.
 */
export class SchemaGuard {
  readonly #location: string;
  /** The version that was checked; SQLite counts up with every change of the schema. */
  #checked: unknown = null;

  constructor(location: string) {
    this.#location = location;
  }

  /** Throws `LEDGER_ALTERED` when an object is foreign, changed or gone. Inside a transaction. */
  async require(queries: Queries): Promise<void> {
    const row = await queries.get('PRAGMA schema_version', []);
    const version: unknown = row === undefined ? null : Reflect.get(row, 'schema_version');
    if (version !== null && version === this.#checked) return;
    const problems = await findSchemaDifferences(queries);
    if (problems.length > 0) throw createForeignSchema(this.#location, problems);
    this.#checked = version;
  }
}

/** Triggers, views, indexes and tables that this program did not make, and those that are not as it made them. */
export async function findSchemaDifferences(queries: Queries): Promise<readonly string[]> {
  const found = await readObjects(queries);
  if (hashObjects(found) === EXPECTED_HASH) return [];
  const expected = new Map((await readExpected()).map(({ name, sql }) => [name, sql]));
  const names = new Set(found.map(({ name }) => name));
  return [
    ...[...expected.keys()].filter((name) => !names.has(name)).map((name) => `the ${name} is gone`),
    ...found
      .filter(({ name, sql }) => expected.get(name) !== sql)
      .map(({ name }) =>
        expected.has(name) ? `the ${name} was changed` : `the ${name} is not of this program`,
      ),
  ];
}

/** Hash of the schema of a ledger. */
export async function hashSchema(queries: Queries): Promise<string> {
  return hashObjects(await readObjects(queries));
}

function hashObjects(objects: readonly SchemaObject[]): string {
  return hash('sha256', JSON.stringify(objects), 'hex');
}

async function readExpected(): Promise<readonly SchemaObject[]> {
  const database = new (loadSqlite().DatabaseSync)(':memory:');
  try {
    for (const step of MIGRATIONS) database.exec(step);
    return await readObjects(new Connection(database));
  } finally {
    database.close();
  }
}

async function readObjects(queries: Queries): Promise<readonly SchemaObject[]> {
  // The columns are those of the query.
  return queries.all(OBJECTS, []) as Promise<SchemaObject[]>;
}

function createForeignSchema(location: string, problems: readonly string[]): OperatorError {
  return createEngineError('LEDGER_ALTERED', {
    message: `The ledger ${location} was altered by another program: ${problems.join('; ')}. Nothing was changed, and nothing is sent.`,
    remedy: advise`Find out who did it, keep a copy of the file, and put a backup in its place or remove what is foreign. ${operations.checkLedger} lists it.`,
    facts: { location, problems: [...problems] },
  });
}
