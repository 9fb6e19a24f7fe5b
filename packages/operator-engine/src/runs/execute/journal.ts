import { advise, OperatorError } from 'operator-core';
import type { JsonObject, PlannedRequest, SendResult } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import type { IntendAnswer, RunSignals } from '../../ledger/runs.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunState } from '../../ledger/run-state.ts';
import type { LedgerStopCause } from './stop-cause.ts';

/** Result of a request whose intent is recorded, and nothing after it. */
export const UNRECORDED: SendResult = {
  outcome: 'unknown',
  reason: 'an earlier process recorded that it would be sent, and nothing after that',
};

/** Permission to send, with its expiry by `performance.now()`. */
export type Permission =
  | { readonly kind: 'may_send'; readonly endsAt: number }
  /** Its intent was recorded before: it is never sent again. */
  | { readonly kind: 'settled'; readonly result: SendResult }
  | LedgerStopCause;

/** The ledger as the owner of one run sees it. Every step is recorded before it is done. */
export class Journal {
  readonly runId: string;
  readonly fence: number;
  readonly #ledger: Ledger;
  readonly #results: (SendResult | null)[];
  #state: RunState;

  constructor(
    ledger: Ledger,
    run: {
      id: string;
      fence: number;
      state: RunState;
      requests: readonly PlannedRequest[];
    },
  ) {
    this.#ledger = ledger;
    this.runId = run.id;
    this.fence = run.fence;
    this.#state = run.state;
    this.#results = run.requests.map(() => null);
  }

  /** Journal of each request; `null` for one that was never intended. */
  get results(): readonly (SendResult | null)[] {
    return this.#results;
  }

  /** The state to which this owner has moved the run. */
  get state(): RunState {
    return this.#state;
  }

  /** Asks for the right to send a request. When it is given, the intent is on disk. */
  async intend(index: number): Promise<Permission> {
    const askedAt = performance.now();
    const answer = await this.#ledger.runs.intend(this.runId, { fence: this.fence, index });
    const permission = toPermission(answer, askedAt);
    if (permission.kind === 'settled') this.#results[index] = permission.result;
    // The outcome until a result is known.
    if (permission.kind === 'may_send') this.#results[index] = UNRECORDED;
    return permission;
  }

  /** Records the result of a request. Throws `FENCED`, or `OUTCOME_NOT_RECORDED` when it cannot be recorded. */
  async recordResult(index: number, result: SendResult): Promise<void> {
    this.#results[index] = result;
    await this.#write(() =>
      this.#ledger.runs.recordResult(this.runId, { fence: this.fence, index }, result),
    );
  }

  /** Notes an observation for the timeline. Its errors change nothing. */
  async note(what: string, details: JsonObject): Promise<void> {
    await this.#ledger.runs.note(this.runId, this.fence, { what, details }).catch(() => undefined);
  }

  /** Moves the run on. Throws as {@link recordResult} does. */
  async move(to: RunState, reason: string, detail: JsonObject = {}): Promise<RunRecord> {
    const { fence } = this;
    const run = await this.#write(() =>
      this.#ledger.runs.move(this.runId, { fence, to, reason, detail }),
    );
    this.#state = run.state;
    return run;
  }

  /** Reads the records of an earlier owner. */
  inherit(index: number, result: SendResult | null): void {
    this.#results[index] = result ?? UNRECORDED;
  }

  /** Cause to stop since the permission to send; `null` when there is none, or it cannot be read now. */
  async stopCause(): Promise<LedgerStopCause | null> {
    try {
      const { isFenced, cancel, stopped } = await this.signals();
      if (isFenced) return { kind: 'fenced', run: null };
      if (cancel !== null) return { kind: 'cancelled', cancel };
      return stopped === null ? null : { kind: 'stopped', stopped };
    } catch {
      return null;
    }
  }

  async signals(): Promise<RunSignals> {
    return this.#ledger.runs.signals(this.runId, this.fence);
  }

  async #write<Value>(write: () => Promise<Value>): Promise<Value> {
    try {
      return await write();
    } catch (error) {
      if (!OperatorError.isInstance(error) || !error.retryable) throw toNotRecorded(error);
    }
    return write().catch((error: unknown) => {
      throw toNotRecorded(error);
    });
  }
}

function toPermission(answer: IntendAnswer, askedAt: number): Permission {
  switch (answer.outcome) {
    case 'may_send':
      return { kind: 'may_send', endsAt: askedAt + answer.validForMs };
    case 'already_intended':
      return { kind: 'settled', result: answer.result ?? UNRECORDED };
    case 'cancelled':
      return { kind: 'cancelled', cancel: answer.cancel };
    case 'fenced':
      return { kind: 'fenced', run: answer.run };
    case 'stopped':
      return { kind: 'stopped', stopped: answer };
  }
}

function toNotRecorded(error: unknown): unknown {
  if (!OperatorError.isInstance(error) || !error.code.startsWith('LEDGER_')) return error;
  return createEngineError('OUTCOME_NOT_RECORDED', {
    message: `The result of the run could not be written into the ledger: ${error.message}`,
    remedy: advise`${OperatorError.remedyOf(error)} Then settle the run with ${operations.recoverRuns}: nothing is sent again.`,
    facts: { ledger: error.code, ...error.facts },
    cause: error,
  });
}
