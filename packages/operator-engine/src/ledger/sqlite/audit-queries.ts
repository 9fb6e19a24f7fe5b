import type { AuditEntry, AuditFilter } from '../audit-log.ts';
import { toAuditEntry } from './audit-chain.ts';
import type { AuditRow } from './audit-chain.ts';
import type { Database } from './database.ts';
import { parseTime, toIso } from './ledger-time.ts';
import { createQuery, pageOf } from './query.ts';
import type { Statement } from './statement.ts';

const COLUMNS = 'SELECT sequence, entry, previous, hash FROM audit';

/** Page of entries to read. */
export interface AuditPage {
  readonly after?: number;
  readonly limit: number;
  readonly newestFirst?: boolean;
}

/** Reads the audit, inside a transaction. */
export class AuditQueries {
  readonly #database: Database;
  readonly #ofRun: Statement<AuditRow>;
  readonly #ends: Statement<{ first: number | null; last: number | null }>;
  readonly #epochs: Statement<{ sequence: number }>;
  readonly #at: Statement<{ at: string }>;

  constructor(database: Database) {
    this.#database = database;
    this.#ofRun = database.prepare(
      `${COLUMNS} WHERE run_id = ? AND sequence > ? ORDER BY sequence`,
    );
    // Two look-ups: min and max in one query would read all of it.
    this.#ends = database.prepare(
      'SELECT (SELECT min(sequence) FROM audit) AS first, (SELECT max(sequence) FROM audit) AS last',
    );
    this.#epochs = database.prepare(
      `SELECT sequence FROM audit WHERE kind = 'time_accepted' ORDER BY sequence DESC`,
    );
    this.#at = database.prepare('SELECT at FROM audit WHERE sequence = ?');
  }

  ofRun(runId: string, after: number): AuditEntry[] {
    return this.#toEntries(this.#ofRun.all(runId, after));
  }

  page(filter: AuditFilter, page: AuditPage): AuditEntry[] {
    const { limit, newestFirst = false } = page;
    const rows = pageOf(filter.kinds, { limit, newestFirst }, (kind) =>
      this.#rows(filter, { ...page, kind }),
    );
    return this.#toEntries(rows);
  }

  #rows(filter: AuditFilter, page: AuditPage & { kind: string | undefined }): readonly AuditRow[] {
    const query = createQuery(COLUMNS, [
      ['sequence > ?', page.after],
      ['run_id = ?', filter.runId],
      ['kind = ?', page.kind],
      ['actor = ?', filter.actor],
      ['sequence >= ?', this.#bound(filter.since)],
      ['sequence < ?', this.#bound(filter.until)],
    ]);
    const order = page.newestFirst === true ? 'DESC' : 'ASC';
    const sql = `${query.sql} ORDER BY sequence ${order} LIMIT ?`;
    return this.#database.once<AuditRow>(sql).all(...query.inputs, page.limit);
  }

  #toEntries(rows: readonly AuditRow[]): AuditEntry[] {
    return rows.map((row) => toAuditEntry(row, this.#database.location));
  }

  /** The number of the first entry at or after a time, or the one that the next entry will have. */
  firstSince(time: string): number {
    const wanted = toIso(parseTime(time));
    const ends = this.#ends.get();
    const first = ends?.first ?? 1;
    let high = (ends?.last ?? 0) + 1;
    // Within one epoch times never go back. What an earlier epoch wrote ahead of its time is left out.
    for (const { sequence } of this.#epochs.all()) {
      if ((this.#at.get(sequence + 1)?.at ?? '') < wanted) {
        return this.#halve(wanted, Math.max(first, sequence + 1), high);
      }
      high = Math.min(high, sequence + 1);
    }
    return this.#halve(wanted, first, high);
  }

  /** Halving finds it without reading everything. */
  #halve(wanted: string, first: number, end: number): number {
    let low = first;
    let high = end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#at.get(middle)?.at ?? '') >= wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #bound(time: string | undefined): number | undefined {
    return time === undefined ? undefined : this.firstSince(time);
  }
}
