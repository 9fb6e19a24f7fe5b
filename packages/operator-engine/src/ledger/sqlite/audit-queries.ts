import type { AuditEntry, AuditFilter } from '../audit-log.ts';
import { toAuditEntry } from './audit-chain.ts';
import type { AuditRow } from './audit-chain.ts';
import type { Database } from './database.ts';
import { createQuery } from './query.ts';
import type { Statement } from './statement.ts';

const COLUMNS = 'SELECT sequence, entry, previous, hash FROM audit';

/** Which page of the entries. */
export interface AuditPage {
  readonly after?: number;
  readonly limit: number;
  readonly newestFirst?: boolean;
}

/** Reads the audit, inside a transaction. */
export class AuditQueries {
  readonly #database: Database;
  readonly #ofRun: Statement<AuditRow>;

  constructor(database: Database) {
    this.#database = database;
    this.#ofRun = database.prepare(
      `${COLUMNS} WHERE run_id = ? AND sequence > ? ORDER BY sequence`,
    );
  }

  ofRun(runId: string, after: number): AuditEntry[] {
    return this.#toEntries(this.#ofRun.all(runId, after));
  }

  page(filter: AuditFilter, { after, limit, newestFirst = false }: AuditPage): AuditEntry[] {
    const query = createQuery(COLUMNS, [
      ['sequence > ?', after],
      ['run_id = ?', filter.runId],
      ['kind', filter.kinds],
      ['actor = ?', filter.actor],
      ['at >= ?', toComparable(filter.since)],
      ['at < ?', toComparable(filter.until)],
    ]);
    const order = newestFirst ? 'DESC' : 'ASC';
    const sql = `${query.sql} ORDER BY sequence ${order} LIMIT ?`;
    return this.#toEntries(this.#database.once<AuditRow>(sql).all(...query.inputs, limit));
  }

  #toEntries(rows: readonly AuditRow[]): AuditEntry[] {
    return rows.map((row) => toAuditEntry(row, this.#database.location));
  }
}

/** As the entries write their times, so that they compare as texts. */
function toComparable(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
