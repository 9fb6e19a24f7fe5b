import { advise, OperatorError } from 'operator-core';
import type { JsonObject, Plan, Refusal, SendResult } from 'operator-core';
import type { ConditionReading } from '../../ledger/run-condition.ts';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import { toRefusalDocument } from '../../errors/refusal-document.ts';
import { noAnswer } from '../../verifying/conclude-polling.ts';
import { createInterrupted } from '../../base/signals.ts';
import type { CancelRequest } from '../../ledger/run-record.ts';
import type { LedgerStopCause, StopCause } from './stop-cause.ts';
import type { RunState } from '../../ledger/run-state.ts';
import { errorOfStop } from './run-errors.ts';

/** Next state of a run, without the records on the way. */
export interface Conclusion {
  /** `verifying`: the run is released, and others may continue verifying. */
  readonly state: RunState;
  readonly summary: string;
  readonly error: OperatorError | null;
  readonly refusal?: Refusal;
  /**
   * The state is recorded although it has not changed, because another look would show no more. Default: not
   * settled.
   */
  readonly isSettled?: true;
  /** The last reading of the run's condition. Absent when it was not read. */
  readonly condition?: ConditionReading;
}

type Results = readonly (SendResult | null)[];

/** End of sending. */
export interface SendingEnd {
  readonly wait: boolean;
  /** Cause for which sending stopped early; `null`: none. */
  readonly cause: StopCause | null;
  /** Violation of the contract by the plugin, when it kept a request from being sent. */
  readonly violation?: OperatorError | null;
  /** Reason for which requests were left out, unless the action itself left them out. */
  readonly leftOut?: string;
}

/** Conclusion from sending alone, or `null` when the effect has to be verified. */
export function concludeSending(plan: Plan, results: Results, end: SendingEnd): Conclusion | null {
  const conclusion = concludeAll(plan, results, end);
  const isPartly = conclusion?.state === 'failed' && results.some(isAccepted);
  return isPartly ? concludePartly(plan, results, conclusion) : conclusion;
}

function concludeAll(plan: Plan, results: Results, end: SendingEnd): Conclusion | null {
  const refused = results.find((result) => result?.outcome === 'refused');
  const notSent = results.find((result) => result?.outcome === 'not_sent');
  const lost = results.find((result) => result?.outcome === 'unknown');
  const isIncomplete = results.includes(null);
  if (refused?.outcome === 'refused' && !lost) return concludeRefused(plan, results, refused);
  if (end.cause !== null && !lost) {
    if (end.cause.kind !== 'caller') return concludeStop(plan, results, end.cause);
    if (isIncomplete || notSent) return concludeInterrupted(plan, results);
  }
  if (notSent && !lost && end.violation) return concludeViolation(plan, results, end.violation);
  if (notSent && !lost) return concludeNotSent(plan, results, notSent);
  if (isIncomplete && !lost && end.violation) return concludeUncaptured(end.violation);
  if (isIncomplete && !lost) return concludeLeftOut(plan, results, end.leftOut);
  if (end.wait) return null;
  return lost ? concludeLost(plan, lost) : concludeAccepted(plan);
}

/** True when nothing of a run can have reached the system. */
export function isUntouched(results: Results): boolean {
  return results.every((result) => result === null || result.outcome === 'not_sent');
}

/** True when the system took some requests, and others certainly never reached it. */
export function isPartlySent(results: Results): boolean {
  return results.some(isAccepted) && results.some(isUnsent) && !isAnswerLost(results);
}

/** True when an answer was lost, so that only reading can tell what happened. */
export function isAnswerLost(results: Results): boolean {
  return results.some((result) => result?.outcome === 'unknown');
}

/** Reason for which the first request without a usable answer has none; `null`: every answer is known. */
export function unclearReason(results: Results): string | null {
  const lost = results.find((result) => result?.outcome === 'unknown');
  return lost?.outcome === 'unknown' ? lost.reason : null;
}

function isUnsent(result: SendResult | null): boolean {
  return result === null || result.outcome === 'not_sent';
}

function isAccepted(result: SendResult | null): boolean {
  return result?.outcome === 'accepted';
}

/** Conclusion for a plan that was partly carried out, for any reason. */
export function concludePartly(plan: Plan, results: Results, rest: Conclusion): Conclusion {
  const told = plan.requests.map(({ purpose }, index) => {
    return `${purpose} (${results[index]?.outcome ?? 'not begun'})`;
  });
  const summary = `Partly done: ${told.join('; ')}. ${rest.summary}`;
  const error = createEngineError('PARTLY_DONE', {
    message: summary,
    remedy:
      'none' in plan.inverse
        ? `Look at the state of the system: there is no way to undo it (${plan.inverse.none}).`
        : advise`Take back what was accepted with ${operations.undoRun(null)}, or plan the rest again.`,
    facts: {
      ...sendingFacts(plan, results),
      because: rest.error === null ? null : { ...rest.error.toJSON() },
    },
    ...(rest.error === null ? {} : { cause: rest.error }),
  });
  const { refusal } = rest;
  return { state: 'partly_done', summary, error, ...(refusal === undefined ? {} : { refusal }) };
}

/** A cancel that comes after something was sent is not decided here: the action has its own way. */
function concludeStop(plan: Plan, results: Results, cause: LedgerStopCause): Conclusion | null {
  if (cause.kind === 'cancelled') {
    return isUntouched(results) ? concludeCancelled(plan, cause.cancel) : null;
  }
  const error = errorOfStop(cause, `${plan.action} was stopped.`);
  return { state: isUntouched(results) ? 'cancelled' : 'failed', summary: error.message, error };
}

/** Conclusion for a run that was cancelled before anything was sent. */
export function concludeCancelled(plan: Plan, { by, reason }: CancelRequest): Conclusion {
  const error = createEngineError('RUN_CANCELLED', {
    message: `${by.name} cancelled the run before anything was sent: ${reason}`,
    remedy: 'Plan again if the change is still wanted.',
    facts: { action: plan.action, by: { ...by }, reason },
  });
  return { state: 'cancelled', summary: error.message, error };
}

function concludeRefused(
  plan: Plan,
  results: Results,
  result: SendResult & { outcome: 'refused' },
): Conclusion {
  const { status, answer, refusal } = result;
  const said = formatAnswer(result);
  const summary = `The system refused: ${refusal?.message ?? said}`;
  const error = createEngineError('REFUSED_BY_SYSTEM', {
    message: summary,
    remedy: refusal?.remedy ?? 'Read the answer of the system, resolve its cause, and plan again.',
    facts: {
      ...sendingFacts(plan, results),
      ...(status === undefined ? {} : { status }),
      answer,
      ...(refusal === undefined ? {} : { refusal: toRefusalDocument(refusal) }),
    },
  });
  return { state: 'failed', summary, error, ...(refusal === undefined ? {} : { refusal }) };
}

function concludeNotSent(plan: Plan, results: Results, result: SendResult): Conclusion {
  const reason = 'reason' in result ? result.reason : '';
  const summary = `The request never reached the system: ${reason.replace(/\.$/u, '')}.`;
  const error = createEngineError('NOT_SENT', {
    message: summary,
    remedy: 'Plan again when the system can be reached.',
    facts: sendingFacts(plan, results),
    retryable: true,
  });
  return { state: 'failed', summary, error };
}

/** A later request needed a value that the answer did not have. */
function concludeUncaptured(error: OperatorError): Conclusion {
  return { state: 'failed', summary: error.message, error };
}

/** The system is not the cause: another attempt would end in the same way. */
function concludeViolation(plan: Plan, results: Results, violation: OperatorError): Conclusion {
  const summary = `The request never reached the system: ${violation.message}`;
  const facts = { ...violation.facts, ...sendingFacts(plan, results) };
  const error = OperatorError.with(violation, { message: summary, facts, cause: violation });
  return { state: 'failed', summary, error };
}

/** An action's own execute may leave requests out. */
function concludeLeftOut(
  plan: Plan,
  results: Results,
  summary = 'The action ended without sending all of its requests.',
): Conclusion {
  const error = createEngineError('NOT_SENT', {
    message: summary,
    remedy: 'Look at the state of the system, and tell the author of the plugin.',
    facts: sendingFacts(plan, results),
  });
  return { state: 'failed', summary, error };
}

function concludeInterrupted(plan: Plan, results: Results): Conclusion {
  if (isUntouched(results)) {
    const error = createInterrupted(`applying the plan for ${plan.action}`);
    return { state: 'cancelled', summary: error.message, error };
  }
  const summary = `Interrupted before everything was sent.`;
  const error = createEngineError('INTERRUPTED', {
    message: summary,
    remedy: 'Look at the state of the system before planning again.',
    facts: sendingFacts(plan, results),
  });
  return { state: 'failed', summary, error };
}

function concludeLost(plan: Plan, result: SendResult): Conclusion {
  const reason = 'reason' in result ? result.reason : '';
  const summary = `${noAnswer(reason)}, and the effect was not looked for.`;
  const error = createEngineError('OUTCOME_UNKNOWN', {
    message: summary,
    remedy: 'Look for the effect before planning again: the request may have been carried out.',
    facts: sendingFacts(plan, [result]),
  });
  return { state: 'verifying', summary, error };
}

function concludeAccepted(plan: Plan): Conclusion {
  return {
    state: 'verifying',
    summary: `The system accepted it: ${plan.summary} The run did not wait for the effect.`,
    error: null,
  };
}

/** Facts about the requests for errors. */
export function sendingFacts(plan: Plan, results: Results): JsonObject {
  return {
    action: plan.action,
    requests: results.map((result) => result?.outcome ?? 'not_begun'),
  };
}

/** The system's error text and status, when it gave them. */
function formatAnswer({ status, answer }: SendResult & { outcome: 'refused' }): string {
  const words = answer.trim();
  if (status === undefined) return words === '' ? 'it gave no reason' : words;
  return words === '' ? `status ${status}` : `${words} (status ${status})`;
}
