import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { House } from './house.ts';

/** Somebody changes the ledger behind everybody's back. */
export function tamper({ project }: House, ...statements: string[]): void {
  const database = new DatabaseSync(join(project.directory, '.operator/ledger.db'));
  try {
    for (const statement of statements) database.exec(statement);
  } finally {
    database.close();
  }
}
