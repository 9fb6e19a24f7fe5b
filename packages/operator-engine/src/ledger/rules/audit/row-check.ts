import type { Queries } from '../store/statement.ts';
import { filterInTurn, mapInTurn } from '../store/in-turn.ts';
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createInterrupted, isAborted } from '../../../base/signals.ts';
import type { AuditEntry } from '../../audit-log.ts';
import { isOver } from '../../run-state.ts';
import type { RunState } from '../../run-state.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { describeChain, genesisOf } from '../transaction/chain-row.ts';
import { toMarked } from '../transaction/control-row.ts';
import type { AuditQueries } from './audit-queries.ts';
import { RowMarks, versionOf } from '../transaction/row-marks.ts';
import { Statement } from '../store/statement.ts';
import type { Control } from '../transaction/control-row.ts';
import type { Transactions } from '../transaction/transaction.ts';

const PAGE = 200;
const LEDGER_ROWS = 'mode, kill switch, policy binding or time';

interface LastEntry {
  readonly sequence: number;
  readonly mark: string | null;
}

/**
 * Compares the rows of every run, and of the ledger itself, with their marks in the audit. Entries of versions
 * without marks have none; only `reconcile` checks their rows.
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
  readonly #edited: Statement<{ id: string | null; sequence: number; chain: string | null }>;
  readonly #pruned: Statement<{ before: string }>;

  constructor(transactions: Transactions, audit: AuditQueries) {
    this.#transactions = transactions;
    this.#audit = audit;
    this.#marks = new RowMarks();
    this.#runs = new Statement(
      `SELECT sequence, id, document FROM (SELECT sequence, id AS id FROM run WHERE sequence > ?
       ORDER BY sequence LIMIT ${PAGE}) AS page LEFT JOIN plan ON plan.run_id = id ORDER BY sequence`,
    );
    this.#missing = new Statement(
      `SELECT run_id AS id FROM audit WHERE kind = 'run_created'
       AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = audit.run_id)`,
    );
    this.#lastOfRun = new Statement(
      `SELECT sequence, MEMBER(entry, 'rows') AS mark FROM audit WHERE run_id = ?
       ORDER BY sequence DESC LIMIT 1`,
    );
    this.#created = new Statement(
      `SELECT MEMBER(entry, 'details.planHash') AS plan FROM audit
       WHERE run_id = ? AND kind = 'run_created'`,
    );
    this.#last = new Statement(
      `SELECT sequence, MEMBER(entry, 'ledger') AS mark FROM audit
       WHERE chain = '${ROOT_CHAIN}' ORDER BY place DESC LIMIT 1`,
    );
    this.#edited = new Statement(
      `SELECT run_id AS id, sequence, MEMBER(entry, 'details.chain') AS chain FROM audit
       WHERE kind = 'rows_edited' ORDER BY sequence`,
    );
    this.#pruned = new Statement(
      `SELECT MEMBER(entry, 'details.before') AS before FROM audit
       WHERE kind = 'ledger_pruned' AND sequence > ?`,
    );
  }

  /** Every edit, as a sentence; empty when all rows match their marks. */
  async find(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const problems = await this.#transactions.read(async (transaction) => [
      ...(await this.#lookAtLedger(transaction)),
      ...(await this.#lookForMissing(transaction)),
      ...(await this.#lookForRecorded(transaction)),
    ]);
    for (let after = 0; ;) {
      if (isAborted(signal)) throw createInterrupted('checking the ledger');
      const page = await this.#transactions.read(async (transaction) =>
        mapInTurn(await this.#runs.all(transaction, after), async (run) => ({
          ...run,
          problems: await this.#lookAtRun(transaction, run),
        })),
      );
      problems.push(...page.flatMap((run) => run.problems));
      const last = page.at(-1);
      if (last === undefined) return problems;
      after = last.sequence;
      await nextTurn();
    }
  }

  /** Edits that a later change found and recorded. */
  async #lookForRecorded(transaction: Queries): Promise<readonly string[]> {
    return (await this.#edited.all(transaction)).map(
      ({ id, sequence, chain }) =>
        `${describeRows(id, chain)} edited before entry ${sequence} of the audit`,
    );
  }

  async #lookAtRun(
    transaction: Queries,
    { id, document }: { id: string; document: string | null },
  ): Promise<readonly string[]> {
    const last = await this.#lastOfRun.get(transaction, id);
    if (last === undefined) return [`run ${id} is not in the audit`];
    return [
      ...(await this.#lookAtPlan(transaction, id, document)),
      ...(await this.#lookAtMark(transaction, id, last)),
    ];
  }

  async #lookAtPlan(
    transaction: Queries,
    id: string,
    document: string | null,
  ): Promise<readonly string[]> {
    const expected = (await this.#created.get(transaction, id))?.plan ?? null;
    if (document === null) return [`the plan of run ${id} is missing`];
    if (expected === null || hash('sha256', document, 'hex') === expected) return [];
    return [`the plan of run ${id} is not the requested one: it was edited`];
  }

  async #lookAtMark(
    transaction: Queries,
    id: string,
    { sequence, mark }: LastEntry,
  ): Promise<readonly string[]> {
    if (mark === null) return [];
    const version = versionOf(mark);
    if (version !== null && (await this.#marks.ofRun(transaction, id, version)) === mark) return [];
    return [
      `the rows of run ${id} (run, requests, approvals, locks, lease) differ from their mark in entry ${sequence} of the audit: they were edited`,
    ];
  }

  async #lookAtLedger(transaction: Queries): Promise<readonly string[]> {
    const control = await this.#transactions.control(transaction);
    const { mark, sequence } = (await this.#last.get(transaction)) ?? { mark: null, sequence: 0 };
    const { root, ledger_id: id } = control;
    const isBorn = root.start_place > 0 || root.start_hash === genesisOf(id);
    const problems = [
      ...(isBorn
        ? []
        : ['the id of the ledger differs from the one at the beginning of its audit']),
      ...(await this.#lookAtChains(transaction, control)),
    ];
    if (mark === null) return problems;
    const version = versionOf(mark);
    if (
      version !== null &&
      (await this.#marks.ofLedger(transaction, toMarked(control), version)) === mark
    ) {
      return problems;
    }
    return [
      ...problems,
      `${LEDGER_ROWS} of the ledger differ from their mark in entry ${sequence} of the audit: they were edited`,
    ];
  }

  async #lookAtChains(transaction: Queries, { chains }: Control): Promise<readonly string[]> {
    const edited = await filterInTurn(
      [...chains.keys()],
      async (name) => (await this.#marks.findChainEdit(transaction, name)) !== null,
    );
    return edited.map(
      (name) =>
        `fence, number or time of ${describeChain(name)} differ from its last entry: they were edited`,
    );
  }

  /** A run may be gone only because it was pruned. */
  async #lookForMissing(transaction: Queries): Promise<readonly string[]> {
    const missing = await filterInTurn(await this.#missing.all(transaction), async ({ id }) => {
      const entries = await this.#audit.ofRun(transaction, id, 0);
      return !(await this.#wasPruned(transaction, entries));
    });
    return missing.map(({ id }) => `run ${id} is in the audit, and its row is missing`);
  }

  async #wasPruned(transaction: Queries, entries: readonly AuditEntry[]): Promise<boolean> {
    const end = entries.find(({ kind, details }) => {
      return kind === 'run_moved' && isOver(details['to'] as RunState);
    });
    const lease = entries.findLast(
      ({ kind }) => kind === 'lease_moved' || kind === 'lease_planned',
    );
    const isInForce = lease !== undefined && !CLOSED.some((state) => state === lease.details['to']);
    if (end === undefined || isInForce) return false;
    const last = entries.at(-1)?.sequence ?? 0;
    return (await this.#pruned.all(transaction, last)).some(({ before }) => before > end.at);
  }
}

function describeRows(runId: string | null, chain: string | null): string {
  if (runId !== null) return `the rows of run ${runId} were`;
  return chain === null
    ? `${LEDGER_ROWS} were`
    : `fence, number or time of ${describeChain(chain)} were`;
}

const CLOSED: readonly string[] = ['ended', 'lost', 'superseded'];
