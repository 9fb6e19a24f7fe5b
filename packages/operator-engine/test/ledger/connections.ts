import { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '../../src/ledger/ledger.ts';

/** Opens a ledger and gives its connections to SQLite too, so that a test can take its space away. */
export async function withConnections(
  open: () => Promise<Ledger>,
): Promise<{ ledger: Ledger; connections: ReadonlySet<DatabaseSync> }> {
  const connections = new Set<DatabaseSync>();
  const exec = Reflect.get(DatabaseSync.prototype, 'exec');
  DatabaseSync.prototype.exec = function notice(this: DatabaseSync, sql: string): void {
    connections.add(this);
    Reflect.apply(exec, this, [sql]);
  };
  try {
    return { ledger: await open(), connections };
  } finally {
    DatabaseSync.prototype.exec = exec;
  }
}
