import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { House } from './house.ts';

/** Edits the ledger without Operator. */
export function tamper({ project }: House, ...statements: string[]): void {
  const database = new DatabaseSync(join(project.directory, '.operator/ledger.db'));
  try {
    for (const statement of statements) database.exec(statement);
  } finally {
    database.close();
  }
}
