import { canonicalJson } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type { RunState } from '../run-state.ts';
import { isWaiting } from '../run-state.ts';
import type { Actor } from '../actor.ts';
import type { Decision } from '../approval.ts';
import type { RunRecord } from '../run-record.ts';
import type { Decided } from '../runs.ts';
import type { Database } from './database.ts';
import type { OrRefused } from './refusing.ts';
import { toRunRecord } from './run-row.ts';
import { createStateConflict } from './run-table.ts';
import type { Statement } from './statement.ts';
import type { Tables } from './tables.ts';
import type { Transaction } from './transaction.ts';

const STATES = {
  allow: 'approved',
  needs_approval: 'awaiting_approval',
  deny: 'refused',
} as const satisfies Record<Decision['kind'], RunState>;

/** Writes down what policy said of a run. */
export class RunDecider {
  readonly #tables: Tables;
  readonly #decide: Statement<never>;

  constructor(database: Database, tables: Tables) {
    this.#tables = tables;
    this.#decide = database.prepare(
      'UPDATE run SET decision = ?, policy_version = ?, approvals_needed = ? WHERE id = ?',
    );
  }

  decide(
    transaction: Transaction,
    runId: string,
    made: { decision: Decision; by: Actor },
  ): Decided {
    const { decision, by } = made;
    const { runs, transitions } = this.#tables;
    const run = transitions.expireIfDue(transaction, runs.get(runId), by);
    if (run.state !== 'planned') return { decided: false, run: toRunRecord(run) };
    // A decision is JSON: it comes from rules and is kept as it is.
    const document = canonicalJson(decision as unknown as JsonValue);
    const needed =
      decision.kind === 'needs_approval' ? Math.max(1, decision.approval?.count ?? 1) : 0;
    this.#decide.run(document, decision.policyVersion, needed, runId);
    const reason = decision.reasons.join(' ') || null;
    const detail = { decision: JSON.parse(document) as JsonObject };
    const step = { to: STATES[decision.kind], by, reason, detail };
    return { decided: true, run: toRunRecord(transitions.move(transaction, run, step)) };
  }

  refuse(
    transaction: Transaction,
    runId: string,
    refused: { by: Actor; reason: string; detail?: JsonObject },
  ): OrRefused<RunRecord> {
    const { runs, transitions } = this.#tables;
    const run = transitions.expireIfDue(transaction, runs.get(runId), refused.by);
    if (!isWaiting(run.state)) return { refused: createStateConflict(run, 'be refused') };
    const moved = transitions.move(transaction, run, { to: 'refused', ...refused });
    return { value: toRunRecord(moved) };
  }
}
