import { mapInTurn } from '../store/in-turn.ts';
import { advise } from 'operator-core';
import type { JsonObject, OperatorError, Remedy } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { operations } from '../../../errors/operations.ts';
import type { Actor } from '../../actor.ts';
import { objectToConsent } from '../../approval.ts';
import type { ApprovalGiven } from '../../approval.ts';
import type { ApprovalProgress, Approvals } from '../../approvals.ts';
import type { RunRecord } from '../../run-record.ts';
import type { ChangeGuard } from '../guards/change-guard.ts';
import type { ApprovalTable } from '../tables/approval-table.ts';
import { requesterOf, toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { createStateConflict } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import { refusing } from '../transaction/refusing.ts';
import { toIso } from '../transaction/ledger-time.ts';
import type { Instant, Transaction, Transactions } from '../transaction/transaction.ts';
import { earliestOf } from '../transaction/two-clocks.ts';

/** The consent of people. */
export class StoredApprovals implements Approvals {
  readonly #transactions: Transactions;
  readonly #tables: Tables;
  readonly #guard: ChangeGuard;
  readonly #table: ApprovalTable;
  readonly #waiting: Statement<RunRow>;

  constructor(transactions: Transactions, parts: { tables: Tables; guard: ChangeGuard }) {
    const { tables, guard } = parts;
    this.#transactions = transactions;
    this.#guard = guard;
    this.#tables = tables;
    this.#table = tables.approvals;
    this.#waiting = new Statement(
      `SELECT * FROM run WHERE state = 'awaiting_approval' AND expires_at > ? ORDER BY sequence`,
    );
  }

  async approve(given: ApprovalGiven): Promise<ApprovalProgress> {
    const { runId, approver } = given;
    await this.#guard.require();
    return refusing(
      this.#transactions,
      async (transaction) => {
        const run = await this.#waitingRun(transaction, runId, {
          by: approver,
          wish: 'be approved',
        });
        if ('refused' in run) return run;
        const refused = objectionTo(run.row, given) ?? this.#objectToProofs(run.row);
        if (refused === null) return { value: await this.#give(transaction, run.row, given) };
        const { id, digest } = run.row;
        const about = { runId: id, digest, reason: refused.message, details: refused.facts };
        await transaction.append({ actor: approver, kind: 'approval_refused', ...about });
        return { refused };
      },
      { run: runId },
    );
  }

  async reject(rejected: { runId: string; by: Actor; reason: string }): Promise<RunRecord> {
    const { runId, by, reason } = rejected;
    return refusing(
      this.#transactions,
      async (transaction) => {
        const run = await this.#waitingRun(transaction, runId, { by, wish: 'be rejected' });
        if ('refused' in run) return run;
        const { transitions } = this.#tables;
        const moved = await transitions.move(transaction, run.row, { to: 'rejected', by, reason });
        await this.#table.discard(transaction, run.row);
        return { value: toRunRecord(moved) };
      },
      { run: runId },
    );
  }

  /** A consent that no process could prove, or to what the requester never asked for, is not taken. */
  #objectToProofs(run: RunRow): OperatorError | null {
    const blind = this.#tables.proofs.whyBlind();
    if (blind !== null) {
      return createRefused('not_provable', `its owner cannot be proven: ${blind}`, {
        why: blind,
      });
    }
    const { proofs } = this.#tables;
    const withdrawn = proofs.checkWithdrawn(run);
    const why = withdrawn ?? proofs.checkRequest(run, { mayWaitLonger: true });
    if (why === null) return null;
    const because = withdrawn === null ? 'request_not_proven' : 'withdrawn';
    return createRefused(because, why, { why });
  }

  async pending(): Promise<readonly ApprovalProgress[]> {
    return this.#transactions.read(async (instant) =>
      mapInTurn(await this.#waiting.all(instant, earliestOf(instant)), async (run) =>
        this.#progress(instant, run),
      ),
    );
  }

  async #give(
    transaction: Transaction,
    run: RunRow,
    given: ApprovalGiven,
  ): Promise<ApprovalProgress> {
    const { approver, policyVersion, comment = null, atTerminal = true } = given;
    const expiresAt = await this.#table.give(transaction, run, {
      approver,
      policyVersion,
      comment,
      atTerminal,
    });
    const progress = await this.#progress(transaction, run);
    const count = { given: progress.given.length, needed: progress.needed };
    await transaction.append({
      actor: approver,
      kind: 'approval_given',
      runId: run.id,
      digest: run.digest,
      reason: comment,
      details: { ...count, policyVersion, expiresAt: toIso(expiresAt) },
    });
    if (count.given < count.needed) return progress;
    const reason = `${count.given} of ${count.needed} approvals are given`;
    const step = { to: 'approved', by: approver, reason } as const;
    return this.#progress(transaction, await this.#tables.transitions.move(transaction, run, step));
  }

  /** The run, when it waits for approval. A run whose time is over expires by being looked at. */
  async #waitingRun(
    transaction: Transaction,
    runId: string,
    asked: { by: Actor; wish: string },
  ): Promise<{ row: RunRow } | { refused: OperatorError }> {
    const { runs, transitions } = this.#tables;
    const row = await transitions.expireIfDue(
      transaction,
      await runs.get(transaction, runId),
      asked.by,
    );
    const refused = createStateConflict(row, asked.wish);
    return row.state === 'awaiting_approval' ? { row } : { refused };
  }

  async #progress(instant: Instant, run: RunRow): Promise<ApprovalProgress> {
    const given = await this.#table.holding(instant, run);
    return { run: toRunRecord(run), given, needed: run.approvals_needed };
  }
}

function objectionTo(run: RunRow, given: ApprovalGiven): OperatorError | null {
  const { approver } = given;
  const rule = toRunRecord(run).decision?.approval;
  if (given.digest !== run.digest) {
    return createRefused('digest_differs', 'it was given to another plan', {
      seen: given.digest,
      digest: run.digest,
    });
  }
  if (given.policyVersion !== run.policy_version) {
    return createRefused('policy_changed', 'the policy has changed since the decision', {
      decided: run.policy_version,
      now: given.policyVersion,
    });
  }
  const consent = { approver, atTerminal: given.atTerminal ?? true };
  const objection = objectToConsent(rule, consent, requesterOf(run));
  switch (objection) {
    case null:
      return null;
    case 'not_a_person':
      return createRefused(objection, `a ${approver.kind} cannot consent`, { ...approver });
    case 'approver_is_requester':
      return createRefused(objection, 'the requester cannot consent', { ...approver });
    case 'not_at_terminal':
      return createRefused(
        objection,
        'a person consents to a run of their own only at a terminal',
        { ...approver },
      );
    case 'not_an_approver':
      return createRefused(objection, `${approver.name} is not among those who may consent`, {
        ...approver,
        from: rule?.from ?? [],
      });
  }
}

const REMEDIES: Readonly<Record<string, string | Remedy>> = {
  digest_differs: 'Read the plan in the ledger, and approve that one.',
  policy_changed: 'Plan again, so that the present policy decides.',
  not_at_terminal: 'Type the command at a terminal, or ask another person who may consent.',
  not_provable:
    'Approve outside of containers with mapped users, with the ledger on a local disk of this machine.',
  withdrawn: advise`Plan again. ${operations.checkLedger} looks for edits of the ledger.`,
  request_not_proven: 'Reject the run, and ask the requester to plan again.',
};

function createRefused(because: string, why: string, facts: JsonObject): OperatorError {
  return createEngineError('APPROVAL_REFUSED', {
    message: `The approval does not count: ${why}.`,
    remedy: REMEDIES[because] ?? 'Ask a person who may consent.',
    facts: { because, ...facts },
  });
}
