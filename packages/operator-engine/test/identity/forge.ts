import { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../src/ledger/actor.ts';
import { linkEntry } from '../../src/ledger/rules/transaction/audit-chain.ts';
import type { AuditContent } from '../../src/ledger/rules/transaction/audit-chain.ts';
import { Connection } from '../../src/ledger/sqlite/connection.ts';
import { RowMarks } from '../../src/ledger/rules/transaction/row-marks.ts';

interface Chain {
  readonly name: string;
  readonly head_place: number;
  readonly head_hash: string;
  readonly fence: number;
}

/** An edit that the next entry of the audit covers up. */
export interface Forgery {
  readonly sql: string;
  readonly runId: string;
  readonly kind: AuditContent['kind'];
  readonly actor: Actor;
  readonly details?: AuditContent['details'];
}

/**
 * Edits rows as a user does who may write the ledger and knows its code: an entry with a fresh mark of the edited
 * rows is appended in the name of another, so that chain, marks, anchors and witnesses agree.
 */
export async function forge(
  path: string,
  { sql, runId, kind, actor, details = {} }: Forgery,
): Promise<void> {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE; ${sql}`);
    const digest = String(
      database.prepare('SELECT digest FROM run WHERE id = ?').get(runId)?.['digest'],
    );
    const marks = new RowMarks();
    const queries = new Connection(database);
    const chain = database
      .prepare(
        `SELECT chain.* FROM chain JOIN run ON chain.name = run.system_kind || ':' || run.system_id
         WHERE run.id = ?`,
      )
      .get(runId) as unknown as Chain;
    const last = database.prepare('SELECT max(sequence) AS last FROM audit').get();
    const about = {
      sequence: Number(last?.['last']) + 1,
      chain: chain.name,
      place: chain.head_place + 1,
      at: new Date().toISOString(),
      reason: null,
    };
    const said = { ...about, actor, kind, runId, digest, details };
    const marked = {
      rows: await marks.ofRun(queries, runId),
      ledger: null,
      fence: chain.fence,
      heads: null,
    };
    const row = linkEntry({ ...said, ...marked }, chain.head_hash);
    const { sequence, place, entry, previous, hash } = row;
    database
      .prepare(
        'INSERT INTO audit (sequence, chain, place, entry, previous, hash) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(sequence, chain.name, place, entry, previous, hash);
    database
      .prepare(
        'UPDATE chain SET head_sequence = ?, head_place = ?, head_hash = ?, head_at = ? WHERE name = ?',
      )
      .run(sequence, place, hash, Date.parse(about.at), chain.name);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
