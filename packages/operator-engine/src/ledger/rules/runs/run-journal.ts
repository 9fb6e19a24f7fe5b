import type { Queries } from '../store/statement.ts';
import { toRequestTitle } from 'operator-core';
import type { JsonObject, OperatorError, SendResult } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { isOver } from '../../run-state.ts';
import type { LedgerLimits } from '../../ledger-limits.ts';
import { redact } from '../../../secrets/redact.ts';
import type { RunRecord } from '../../run-record.ts';
import type { IntendAnswer, RunMove, RunSignals } from '../../runs.ts';
import type { OrRefused } from '../transaction/refusing.ts';
import { ownerOf, toCancelRequest, toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { createFenced, createStateConflict, ownsRun } from '../tables/run-table.ts';
import type { Tables } from '../tables/tables.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** Operations of the owner of a run, under its fence. */
export class RunJournal {
  readonly #tables: Tables;
  readonly #validForMs: number;

  constructor(tables: Tables, limits: LedgerLimits) {
    this.#tables = tables;
    this.#validForMs = Math.max(0, limits.ownerTtlMs - limits.permitMarginMs);
  }

  async intend(
    transaction: Transaction,
    runId: string,
    owner: { fence: number; index: number },
  ): Promise<OrRefused<IntendAnswer>> {
    const { fence, index } = owner;
    const { runs, runners, requests } = this.#tables;
    const run = await runs.get(transaction, runId);
    if (!ownsRun(run, fence)) return { value: { outcome: 'fenced', run: toRunRecord(run) } };
    await runners.renew(transaction, run.owner);
    const refused = objectionTo(run, index);
    if (refused !== null) return { refused };
    const earlier = await requests.find(transaction, runId, index);
    if (earlier !== undefined) return { value: { outcome: 'already_intended', ...earlier } };
    const stopping = await this.#stopping(transaction, run);
    if (stopping !== null) {
      const about = { runId, digest: run.digest, reason: stopping.outcome, details: { index } };
      await transaction.append({ actor: ownerOf(run), kind: 'request_stopped', ...about });
      return { value: stopping };
    }
    await requests.intend(transaction, runId, index);
    await this.#append(transaction, run, {
      kind: 'request_intended',
      details: await this.#describe(transaction, runId, index),
    });
    return { value: { outcome: 'may_send', validForMs: this.#validForMs } };
  }

  async recordResult(
    transaction: Transaction,
    runId: string,
    settled: { fence: number; index: number; result: SendResult },
  ): Promise<OrRefused<void>> {
    const { fence, index } = settled;
    const { runs, requests, leases } = this.#tables;
    const run = await runs.get(transaction, runId);
    // A result is JSON by contract; redacted it still has its shape, as only texts change.
    const details = redact(settled.result as unknown as JsonObject);
    const result = details as unknown as SendResult;
    if (await requests.recordResult(transaction, { runId, place: index }, result)) {
      const isLate = !ownsRun(run, fence);
      const seen = { index, result: details, ...(isLate ? { fence } : {}) };
      await this.#append(transaction, run, { kind: 'request_settled', details: seen });
      const { outcome } = result;
      const isPossible = outcome === 'accepted' || outcome === 'unknown';
      if (isPossible) await leases.activate(transaction, runId, ownerOf(run));
    }
    return run.fence === fence ? { value: undefined } : { refused: createFenced(run, fence) };
  }

  async note(
    transaction: Transaction,
    runId: string,
    noted: { fence: number; what: string; details: JsonObject },
  ): Promise<void> {
    const run = await this.#tables.runs.getOwned(transaction, runId, noted.fence);
    const details = { what: noted.what, ...noted.details };
    await this.#append(transaction, run, { kind: 'run_noted', details });
  }

  async move(transaction: Transaction, runId: string, move: RunMove): Promise<RunRecord> {
    const { to, reason = null, detail, fence } = move;
    const { runs, transitions } = this.#tables;
    const run = await runs.getOwned(transaction, runId, fence);
    // What the owner may do goes on from where it is; the rest belongs to decide, claim and cancel.
    if (run.owner === null || !isByOwner(to)) throw createStateConflict(run, `become ${to}`);
    const step = { to, by: ownerOf(run), reason, ...(detail === undefined ? {} : { detail }) };
    return toRunRecord(await transitions.move(transaction, run, step));
  }

  async signals(transaction: Queries, runId: string, fence: number): Promise<RunSignals> {
    const run = await this.#tables.runs.get(transaction, runId);
    const stopped = await this.#tables.mode.stopped(transaction, run);
    // Also a run whose outcome is unknown has an owner while it is reconciled.
    const isFenced = run.fence !== fence || run.owner === null;
    return { isFenced, cancel: toCancelRequest(run), stopped };
  }

  /** Obstacle to the next request. */
  async #stopping(
    transaction: Queries,
    run: RunRow,
  ): Promise<Extract<IntendAnswer, { outcome: 'cancelled' | 'stopped' }> | null> {
    const cancel = toCancelRequest(run);
    return cancel === null
      ? await this.#tables.mode.stopped(transaction, run)
      : { outcome: 'cancelled', cancel };
  }

  async #describe(transaction: Queries, runId: string, index: number): Promise<JsonObject> {
    const request = (await this.#tables.runs.planOf(transaction, runId)).requests[index];
    if (request === undefined) return { index };
    return { index, request: toRequestTitle(request), purpose: request.purpose };
  }

  async #append(
    transaction: Transaction,
    run: RunRow,
    entry: { kind: 'request_intended' | 'request_settled' | 'run_noted'; details: JsonObject },
  ): Promise<void> {
    const about = { actor: ownerOf(run), runId: run.id, digest: run.digest };
    await transaction.append({ ...about, ...entry });
  }
}

function isByOwner(to: RunMove['to']): boolean {
  return to === 'verifying' || (isOver(to) && to !== 'undone');
}

function objectionTo(run: RunRow, index: number): OperatorError | null {
  if (run.state !== 'executing') return createStateConflict(run, 'send anything');
  if (Number.isInteger(index) && index >= 0 && index < run.request_count) return null;
  return createEngineError('REQUEST_NOT_PLANNED', {
    message: `The plan of run ${run.id} has ${run.request_count} requests, and none at place ${index}.`,
    remedy: 'Send only requests of the plan, each by its place from 0.',
    facts: { runId: run.id, index, requests: run.request_count },
  });
}
