import type { AuditEntry, AuditFilter } from '../../audit-log.ts';
import { toAuditEntry } from '../transaction/audit-chain.ts';
import { AUDIT_COLUMNS } from '../transaction/audit-chain.ts';
import type { AuditRow } from '../transaction/audit-chain.ts';
import { parseTime, toIso } from '../transaction/ledger-time.ts';
import { createQuery, pageOf } from '../store/query.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

const COLUMNS = `SELECT ${AUDIT_COLUMNS} FROM audit`;

/** Page of entries to read. */
export interface AuditPage {
  readonly after?: number;
  readonly limit: number;
  readonly newestFirst?: boolean;
}

/** Reads the audit, inside a transaction. */
export class AuditQueries {
  readonly #location: string;
  readonly #ofRun: Statement<AuditRow>;
  readonly #ends: Statement<{ first: number | null; last: number | null }>;
  readonly #epochs: Statement<{ sequence: number }>;
  readonly #at: Statement<{ at: string }>;
  readonly #after: Statement<{ sequence: number; at: string }>;

  /** `location`: of the ledger, for errors. */
  constructor(location: string) {
    this.#location = location;
    this.#ofRun = new Statement(`${COLUMNS} WHERE run_id = ? AND sequence > ? ORDER BY sequence`);
    // Two look-ups: min and max in one query would read all of it.
    this.#ends = new Statement(
      'SELECT (SELECT min(sequence) FROM audit) AS first, (SELECT max(sequence) FROM audit) AS last',
    );
    this.#epochs = new Statement(
      `SELECT sequence FROM audit WHERE kind = 'time_accepted' ORDER BY sequence DESC`,
    );
    // Numbers may have gaps: the entry at or before one, and the next one.
    this.#at = new Statement(
      'SELECT at FROM audit WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1',
    );
    this.#after = new Statement(
      'SELECT sequence, at FROM audit WHERE sequence > ? ORDER BY sequence LIMIT 1',
    );
  }

  async ofRun(transaction: Queries, runId: string, after: number): Promise<AuditEntry[]> {
    return this.#toEntries(await this.#ofRun.all(transaction, runId, after));
  }

  async page(transaction: Queries, filter: AuditFilter, page: AuditPage): Promise<AuditEntry[]> {
    const { limit, newestFirst = false } = page;
    const rows = await pageOf(filter.kinds, { limit, newestFirst }, async (kind) =>
      this.#rows(transaction, filter, { ...page, kind }),
    );
    return this.#toEntries(rows);
  }

  async #rows(
    transaction: Queries,
    filter: AuditFilter,
    page: AuditPage & { kind: string | undefined },
  ): Promise<readonly AuditRow[]> {
    const query = createQuery(COLUMNS, [
      ['sequence > ?', page.after],
      ['run_id = ?', filter.runId],
      ['kind = ?', page.kind],
      ['actor = ?', filter.actor],
      ['sequence >= ?', await this.#bound(transaction, filter.since)],
      ['sequence < ?', await this.#bound(transaction, filter.until)],
    ]);
    const order = page.newestFirst === true ? 'DESC' : 'ASC';
    const sql = `${query.sql} ORDER BY sequence ${order} LIMIT ?`;
    return new Statement<AuditRow>(sql).all(transaction, ...query.inputs, page.limit);
  }

  #toEntries(rows: readonly AuditRow[]): AuditEntry[] {
    return rows.map((row) => toAuditEntry(row, this.#location));
  }

  /** The number of the first entry at or after a time, or the one that the next entry will have. */
  async firstSince(transaction: Queries, time: string): Promise<number> {
    const wanted = toIso(parseTime(time));
    const ends = await this.#ends.get(transaction);
    const first = ends?.first ?? 1;
    let high = (ends?.last ?? 0) + 1;
    // Within one epoch times never go back. What an earlier epoch wrote ahead of its time is left out.
    for (const { sequence } of await this.#epochs.all(transaction)) {
      if (((await this.#after.get(transaction, sequence))?.at ?? '') < wanted) {
        return this.#halve(transaction, wanted, {
          first: Math.max(first, sequence + 1),
          end: high,
        });
      }
      high = Math.min(high, sequence + 1);
    }
    return this.#halve(transaction, wanted, { first, end: high });
  }

  /** Halving finds it without reading everything. */
  async #halve(
    transaction: Queries,
    wanted: string,
    { first, end }: { first: number; end: number },
  ): Promise<number> {
    let low = first;
    let high = end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (((await this.#at.get(transaction, middle))?.at ?? '') >= wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  async #bound(transaction: Queries, time: string | undefined): Promise<number | undefined> {
    return time === undefined ? undefined : await this.firstSince(transaction, time);
  }
}
