import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createInterrupted, isAborted } from '../../base/signals.ts';
import type { AuditEntry } from '../audit-log.ts';
import { isOver } from '../run-state.ts';
import type { RunState } from '../run-state.ts';
import { genesisOf } from './audit-chain.ts';
import { toMarked } from './control-row.ts';
import type { AuditQueries } from './audit-queries.ts';
import { RowMarks, versionOf } from './row-marks.ts';
import type { Statement } from './statement.ts';
import type { Transactions } from './transaction.ts';

const PAGE = 200;
const LEDGER_ROWS = 'mode, kill switch, policy binding, fences or time';

interface LastEntry {
  readonly sequence: number;
  readonly mark: string | null;
}

/**
 * Holds the rows of every run, and of the ledger itself, against the marks that the audit keeps of them. Entries
 * of versions before there were marks have none; what they did is checked only by `reconcile`.
 */
export class RowCheck {
  readonly #transactions: Transactions;
  readonly #audit: AuditQueries;
  readonly #marks: RowMarks;
  readonly #runs: Statement<{ sequence: number; id: string; document: string | null }>;
  readonly #missing: Statement<{ id: string }>;
  readonly #lastOfRun: Statement<LastEntry>;
  readonly #created: Statement<{ plan: string | null }>;
  readonly #last: Statement<LastEntry>;
  readonly #edited: Statement<{ id: string | null; sequence: number }>;
  readonly #pruned: Statement<{ before: string }>;

  constructor(transactions: Transactions, audit: AuditQueries) {
    const { database } = transactions;
    this.#transactions = transactions;
    this.#audit = audit;
    this.#marks = new RowMarks(database);
    this.#runs = database.prepare(
      `SELECT sequence, id, document FROM (SELECT sequence, id AS id FROM run WHERE sequence > ?
       ORDER BY sequence LIMIT ${PAGE}) LEFT JOIN plan ON plan.run_id = id ORDER BY sequence`,
    );
    this.#missing = database.prepare(
      `SELECT run_id AS id FROM audit WHERE kind = 'run_created'
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = audit.run_id)`,
    );
    this.#lastOfRun = database.prepare(
      `SELECT sequence, entry ->> '$.rows' AS mark FROM audit WHERE run_id = ?
       ORDER BY sequence DESC LIMIT 1`,
    );
    this.#created = database.prepare(
      `SELECT entry ->> '$.details.planHash' AS plan FROM audit
       WHERE run_id = ? AND kind = 'run_created'`,
    );
    this.#last = database.prepare(
      `SELECT sequence, entry ->> '$.ledger' AS mark FROM audit ORDER BY sequence DESC LIMIT 1`,
    );
    this.#edited = database.prepare(
      `SELECT run_id AS id, sequence FROM audit WHERE kind = 'rows_edited' ORDER BY sequence`,
    );
    this.#pruned = database.prepare(
      `SELECT entry ->> '$.details.before' AS before FROM audit
       WHERE kind = 'ledger_pruned' AND sequence > ?`,
    );
  }

  /** Every edit, as sentences; empty when the rows are what the audit says. */
  async find(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const problems = await this.#transactions.read(() => [
      ...this.#lookAtLedger(),
      ...this.#lookForMissing(),
      ...this.#lookForRecorded(),
    ]);
    for (let after = 0; ;) {
      if (isAborted(signal)) throw createInterrupted('checking the ledger');
      const page = await this.#transactions.read(() =>
        this.#runs.all(after).map((run) => ({ ...run, problems: this.#lookAtRun(run) })),
      );
      problems.push(...page.flatMap((run) => run.problems));
      const last = page.at(-1);
      if (last === undefined) return problems;
      after = last.sequence;
      await nextTurn();
    }
  }

  /** Edits that were met by a later change, which made them part of the run's state. */
  #lookForRecorded(): readonly string[] {
    return this.#edited
      .all()
      .map(
        ({ id, sequence }) =>
          `${id === null ? LEDGER_ROWS : `the rows of run ${id}`} were edited before entry ${sequence} of the audit`,
      );
  }

  #lookAtRun({ id, document }: { id: string; document: string | null }): readonly string[] {
    const last = this.#lastOfRun.get(id);
    if (last === undefined) return [`run ${id} is not in the audit`];
    return [...this.#lookAtPlan(id, document), ...this.#lookAtMark(id, last)];
  }

  #lookAtPlan(id: string, document: string | null): readonly string[] {
    const expected = this.#created.get(id)?.plan ?? null;
    if (document === null) return [`the plan of run ${id} is gone`];
    if (expected === null || hash('sha256', document, 'hex') === expected) return [];
    return [`the plan of run ${id} is not the one that was asked for: it was edited`];
  }

  #lookAtMark(id: string, { sequence, mark }: LastEntry): readonly string[] {
    if (mark === null) return [];
    const version = versionOf(mark);
    if (version !== null && this.#marks.ofRun(id, version) === mark) return [];
    return [
      `the rows of run ${id} (run, requests, approvals, locks, lease) are not what entry ${sequence} of the audit left: they were edited`,
    ];
  }

  #lookAtLedger(): readonly string[] {
    const control = this.#transactions.control();
    const { mark, sequence } = this.#last.get() ?? { mark: null, sequence: 0 };
    const isBorn =
      control.start_sequence > 0 || control.start_hash === genesisOf(control.ledger_id);
    const problems = isBorn
      ? []
      : ['the id of the ledger is not the one that its audit began with'];
    if (mark === null) return problems;
    const version = versionOf(mark);
    if (version !== null && this.#marks.ofLedger(toMarked(control), version) === mark) {
      return problems;
    }
    return [
      ...problems,
      `${LEDGER_ROWS} of the ledger are not what entry ${sequence} of the audit left: they were edited`,
    ];
  }

  /** A run may be gone only because it was pruned. */
  #lookForMissing(): readonly string[] {
    return this.#missing
      .all()
      .filter(({ id }) => !this.#wasPruned(this.#audit.ofRun(id, 0)))
      .map(({ id }) => `run ${id}, which the audit tells of, is gone`);
  }

  #wasPruned(entries: readonly AuditEntry[]): boolean {
    const end = entries.find(({ kind, details }) => {
      return kind === 'run_moved' && isOver(details['to'] as RunState);
    });
    const lease = entries.findLast(
      ({ kind }) => kind === 'lease_moved' || kind === 'lease_planned',
    );
    const isInForce = lease !== undefined && !CLOSED.some((state) => state === lease.details['to']);
    if (end === undefined || isInForce) return false;
    const last = entries.at(-1)?.sequence ?? 0;
    return this.#pruned.all(last).some(({ before }) => before > end.at);
  }
}

const CLOSED: readonly string[] = ['ended', 'lost', 'superseded'];
