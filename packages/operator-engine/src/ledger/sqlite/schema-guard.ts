import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import type { Database } from './database.ts';
import { checkSchema } from './schema-check.ts';
import { Statement } from './statement.ts';
import type { Queries } from './statement.ts';

/**
 * Keeps changes from a ledger whose schema this program did not make: a trigger would change rows inside our own
 * transactions, so that they would be marked as ours.
 */
export class SchemaGuard {
  readonly #database: Database;
  readonly #version: Statement<{ readonly schema_version: number }>;
  /** The version that was checked; SQLite counts up with every change of the schema. */
  #checked: number | null = null;

  constructor(database: Database) {
    this.#database = database;
    this.#version = new Statement('PRAGMA schema_version');
  }

  /** Throws `LEDGER_ALTERED` when an object is foreign, changed or gone. Inside a transaction. */
  async require(transaction: Queries): Promise<void> {
    const version = (await this.#version.get(transaction))?.schema_version ?? null;
    if (version !== null && version === this.#checked) return;
    const problems = checkSchema(this.#database);
    if (problems.length > 0) throw createForeignSchema(this.#database.location, problems);
    this.#checked = version;
  }
}

function createForeignSchema(location: string, problems: readonly string[]): OperatorError {
  return createEngineError('LEDGER_ALTERED', {
    message: `The ledger ${location} was altered by another program: ${problems.join('; ')}. Nothing was changed, and nothing is sent.`,
    remedy:
      'Find out who did it, keep a copy of the file, and put a backup in its place or remove what is foreign. `operator ledger check` lists it.',
    facts: { location, problems: [...problems] },
  });
}
