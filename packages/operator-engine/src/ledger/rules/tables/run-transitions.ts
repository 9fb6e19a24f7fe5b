import { canonicalJson } from 'operator-core';
import type { JsonObject } from 'operator-core';
import { isLegalTransition, isOver, isWaiting } from '../../run-state.ts';
import type { RunState } from '../../run-state.ts';
import type { Actor } from '../../actor.ts';
import { redact, redactText } from '../../../secrets/redact.ts';
import type { LeaseTable } from './lease-table.ts';
import type { LockTable } from './lock-table.ts';
import type { RunProofs } from './run-proofs.ts';
import type { RunRow } from './run-row.ts';
import { createStateConflict } from './run-table.ts';
import type { RunTable } from './run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { isOverByBoth } from '../transaction/two-clocks.ts';

/** One step of a run. */
export interface Step {
  readonly to: RunState;
  readonly by: Actor;
  readonly reason?: string | null;
  readonly detail?: JsonObject;
}

/** The states in which a run that waited is never begun, by the word of a person or of policy. */
const WITHDRAWN: readonly RunState[] = ['cancelled', 'rejected', 'refused'];

/** The only place where a run changes its state: by the table, with all that follows from it. */
export class RunTransitions {
  readonly #runs: RunTable;
  readonly #locks: LockTable;
  readonly #leases: LeaseTable;
  readonly #proofs: RunProofs;
  readonly #update: Statement<never>;
  readonly #end: Statement<never>;

  constructor(tables: { runs: RunTable; locks: LockTable; leases: LeaseTable; proofs: RunProofs }) {
    this.#proofs = tables.proofs;
    this.#runs = tables.runs;
    this.#locks = tables.locks;
    this.#leases = tables.leases;
    this.#update = new Statement(
      'UPDATE run SET state = ?, reason = ?, detail = coalesce(?, detail) WHERE id = ? AND state = ?',
    );
    this.#end = new Statement(
      'UPDATE run SET owner = NULL, ended_at = coalesce(ended_at, ?), ended_entry = coalesce(ended_entry, ?) WHERE id = ?',
    );
  }

  /** Throws `RUN_STATE_CONFLICT` for what the table does not know. */
  async move(transaction: Transaction, run: RunRow, step: Step): Promise<RunRow> {
    const { to, by, reason = null, detail } = step;
    if (!isLegalTransition(run.state, to)) throw createStateConflict(run, `become ${to}`);
    const kept = detail === undefined ? null : canonicalJson(redact(detail));
    const said = reason === null ? null : redactText(reason);
    await this.#update.run(transaction, to, said, kept, run.id, run.state);
    const details = { from: run.state, to, ...this.#withdraw(run, step), ...detail };
    const draft = {
      actor: by,
      kind: 'run_moved',
      runId: run.id,
      digest: run.digest,
      reason,
    } as const;
    const entry = await transaction.append({ ...draft, details });
    if (to === 'verifying') {
      await this.#locks.releaseSent(
        transaction,
        run,
        (await this.#runs.planOf(transaction, run.id)).resources,
      );
    }
    if (isOver(to)) await this.#finish(transaction, run, { step, entry });
    return this.#runs.get(transaction, run.id);
  }

  /** Keeps an older copy of the ledger from beginning what was withdrawn. */
  #withdraw(run: RunRow, { to, by }: Step): JsonObject {
    const isAsked = run.state !== 'planned' || to === 'cancelled';
    if (!isWaiting(run.state) || !isAsked || !WITHDRAWN.includes(to)) return {};
    const why = this.#proofs.markWithdrawn(run, { to, by });
    return why === null ? {} : { withdrawal: `it was not written beside the ledger: ${why}` };
  }

  /** Moves a run that waits to `expired` when its time is over, by the ledger's time and by the machine's clock. */
  async expireIfDue(transaction: Transaction, run: RunRow, by: Actor): Promise<RunRow> {
    if (!isWaiting(run.state) || !isOverByBoth(transaction, run.expires_at)) return run;
    return this.move(transaction, run, {
      to: 'expired',
      by,
      reason: 'it was not executed in time',
    });
  }

  async #finish(
    transaction: Transaction,
    run: RunRow,
    end: { step: Step; entry: number },
  ): Promise<void> {
    const { step, entry } = end;
    await this.#end.run(transaction, transaction.now, entry, run.id);
    await this.#locks.release(transaction, run.id);
    await this.#leases.followRun(transaction, run, step.by);
    if (step.to === 'succeeded') await this.#finishOriginal(transaction, run, step.by);
  }

  /** Updates the run that a successful inverse has taken back. */
  async #finishOriginal(transaction: Transaction, run: RunRow, by: Actor): Promise<void> {
    if (run.of_run === null || (run.purpose !== 'undo' && run.purpose !== 'lease_end')) return;
    const reason = run.purpose === 'undo' ? `undone by run ${run.id}` : `removed by run ${run.id}`;
    await this.#leases.endIfOpen(transaction, run.of_run, { by, reason });
    if (run.purpose !== 'undo') return;
    const original = await this.#runs.find(transaction, run.of_run);
    if (original === undefined || !isLegalTransition(original.state, 'undone')) return;
    await this.move(transaction, original, { to: 'undone', by, reason });
  }
}
