import { neededBy } from '../../approval.ts';
import { canonicalJson } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type { RunState } from '../../run-state.ts';
import { isWaiting } from '../../run-state.ts';
import type { Actor } from '../../actor.ts';
import type { Decision } from '../../approval.ts';
import type { RunRecord } from '../../run-record.ts';
import type { Decided } from '../../runs.ts';
import type { OrRefused } from '../transaction/refusing.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { createStateConflict } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Transaction } from '../transaction/transaction.ts';

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

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#decide = new Statement(
      'UPDATE run SET decision = ?, policy_version = ?, approvals_needed = ? WHERE id = ?',
    );
    this.#wait = new Statement('UPDATE run SET expires_at = ? WHERE id = ?');
  }

  async decide(
    transaction: Transaction,
    runId: string,
    made: { decision: Decision; by: Actor },
  ): Promise<Decided> {
    const { runs, transitions } = this.#tables;
    const run = await transitions.expireIfDue(
      transaction,
      await runs.get(transaction, runId),
      made.by,
    );
    if (run.state !== 'planned') return { decided: false, run: toRunRecord(run) };
    return { decided: true, run: toRunRecord(await this.#apply(transaction, run, made)) };
  }

  /** A stricter decision about an approved run: it waits for people, for `waitMs` at least, or is refused. */
  async tighten(
    transaction: Transaction,
    run: RunRow,
    made: { decision: Decision; by: Actor; waitMs: number },
  ): Promise<RunRow> {
    const expiresAt = Math.max(run.expires_at, transaction.now + made.waitMs);
    await this.#wait.run(transaction, expiresAt, run.id);
    return this.#apply(transaction, run, { ...made, detail: { expiresAt: toIso(expiresAt) } });
  }

  async #apply(
    transaction: Transaction,
    run: RunRow,
    made: { decision: Decision; by: Actor; detail?: JsonObject },
  ): Promise<RunRow> {
    const { decision, by } = made;
    // A decision is JSON: it comes from rules and is kept as it is.
    const document = canonicalJson(decision as unknown as JsonValue);
    await this.#decide.run(
      transaction,
      document,
      decision.policyVersion,
      neededBy(decision),
      run.id,
    );
    const reason = decision.reasons.join(' ') || null;
    const detail = { decision: JSON.parse(document) as JsonObject, ...made.detail };
    const step = { to: STATES[decision.kind], by, reason, detail };
    return this.#tables.transitions.move(transaction, run, step);
  }

  async refuse(
    transaction: Transaction,
    runId: string,
    refused: { by: Actor; reason: string; detail?: JsonObject },
  ): Promise<OrRefused<RunRecord>> {
    const { runs, transitions } = this.#tables;
    const run = await transitions.expireIfDue(
      transaction,
      await runs.get(transaction, runId),
      refused.by,
    );
    if (!isWaiting(run.state)) return { refused: createStateConflict(run, 'be refused') };
    const moved = await transitions.move(transaction, run, { to: 'refused', ...refused });
    return { value: toRunRecord(moved) };
  }
}
