import { neededBy } from '../approval.ts';
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
import { toIso } from './ledger-time.ts';
import { toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
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
  readonly #wait: Statement<never>;

  constructor(database: Database, tables: Tables) {
    this.#tables = tables;
    this.#decide = database.prepare(
      'UPDATE run SET decision = ?, policy_version = ?, approvals_needed = ? WHERE id = ?',
    );
    this.#wait = database.prepare('UPDATE run SET expires_at = ? WHERE id = ?');
  }

  decide(
    transaction: Transaction,
    runId: string,
    made: { decision: Decision; by: Actor },
  ): Decided {
    const { runs, transitions } = this.#tables;
    const run = transitions.expireIfDue(transaction, runs.get(runId), made.by);
    if (run.state !== 'planned') return { decided: false, run: toRunRecord(run) };
    return { decided: true, run: toRunRecord(this.#apply(transaction, run, made)) };
  }

  /** A stricter decision about an approved run: it waits for people, for `waitMs` at least, or is refused. */
  tighten(
    transaction: Transaction,
    run: RunRow,
    made: { decision: Decision; by: Actor; waitMs: number },
  ): RunRow {
    const expiresAt = Math.max(run.expires_at, transaction.now + made.waitMs);
    this.#wait.run(expiresAt, run.id);
    return this.#apply(transaction, run, { ...made, detail: { expiresAt: toIso(expiresAt) } });
  }

  #apply(
    transaction: Transaction,
    run: RunRow,
    made: { decision: Decision; by: Actor; detail?: JsonObject },
  ): RunRow {
    const { decision, by } = made;
    // A decision is JSON: it comes from rules and is kept as it is.
    const document = canonicalJson(decision as unknown as JsonValue);
    this.#decide.run(document, decision.policyVersion, neededBy(decision), run.id);
    const reason = decision.reasons.join(' ') || null;
    const detail = { decision: JSON.parse(document) as JsonObject, ...made.detail };
    const step = { to: STATES[decision.kind], by, reason, detail };
    return this.#tables.transitions.move(transaction, run, step);
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
