import { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../src/ledger/actor.ts';
import { linkEntry } from '../../src/ledger/rules/transaction/audit-chain.ts';
import type { AuditContent } from '../../src/ledger/rules/transaction/audit-chain.ts';
import { Connection } from '../../src/ledger/sqlite/connection.ts';
import { RowMarks } from '../../src/ledger/rules/transaction/row-marks.ts';

interface Control {
  readonly ledger_id: string;
  readonly fence: number;
  readonly generation: number;
  readonly time_epoch: number;
  readonly time_jumped: number;
  readonly time_accepted: number;
  readonly head_sequence: number;
  readonly head_hash: string;
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
    const control = database.prepare('SELECT * FROM control').get() as unknown as Control;
    const digest = String(
      database.prepare('SELECT digest FROM run WHERE id = ?').get(runId)?.['digest'],
    );
    const marks = new RowMarks();
    const queries = new Connection(database);
    const about = {
      sequence: control.head_sequence + 1,
      at: new Date().toISOString(),
      reason: null,
    };
    const said = { ...about, actor, kind, runId, digest, details };
    const marked = {
      rows: await marks.ofRun(queries, runId),
      ledger: await marks.ofLedger(queries, toMarked(control)),
    };
    const { sequence, entry, previous, hash } = linkEntry(
      { ...said, ...marked },
      control.head_hash,
    );
    database
      .prepare('INSERT INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)')
      .run(sequence, entry, previous, hash);
    database.prepare('UPDATE control SET head_sequence = ?, head_hash = ?').run(sequence, hash);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

function toMarked(control: Control): Parameters<RowMarks['ofLedger']>[1] {
  return {
    ledgerId: control.ledger_id,
    fence: control.fence,
    generation: control.generation,
    epoch: control.time_epoch,
    jumpedMs: control.time_jumped,
    acceptedMs: control.time_accepted,
  };
}
