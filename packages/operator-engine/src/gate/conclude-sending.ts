import { OperatorError } from 'operator-core';
import type { JsonObject, Plan, Refusal, SendResult } from 'operator-core';
import { createEngineError } from '../engine-error.ts';
import type { RunState } from './run-result.ts';

/** How a run ended, without what was recorded on the way. */
export interface Conclusion {
  readonly state: RunState;
  readonly summary: string;
  readonly error: OperatorError | null;
  readonly refusal?: Refusal;
}

type Results = readonly (SendResult | null)[];

/** What sending alone decides, or `null` when the effect has to be looked for. */
export function concludeSending(
  plan: Plan,
  results: Results,
  options: { wait: boolean; isInterrupted: boolean; violation: OperatorError | null },
): Conclusion | null {
  const refused = results.find((result) => result?.outcome === 'refused');
  const notSent = results.find((result) => result?.outcome === 'not_sent');
  const lost = results.find((result) => result?.outcome === 'unknown');
  const isIncomplete = results.includes(null);
  if (refused?.outcome === 'refused') return concludeRefused(plan, results, refused);
  if (options.isInterrupted && (isIncomplete || notSent)) return concludeCut(plan, results);
  if (notSent && !lost && options.violation)
    return concludeStopped(plan, results, options.violation);
  if (notSent && !lost) return concludeNotSent(plan, results, notSent);
  if (isIncomplete && !lost) return concludeLeftOut(plan, results);
  if (options.wait) return null;
  return lost ? concludeLost(plan, lost) : concludeAccepted(plan);
}

function concludeRefused(
  plan: Plan,
  results: Results,
  result: SendResult & { outcome: 'refused' },
): Conclusion {
  const { status, answer, refusal } = result;
  const said = answer.trim() === '' ? `status ${status}` : `${answer.trim()} (status ${status})`;
  const summary = `The system refused: ${refusal?.message ?? said}`;
  const error = createEngineError('REFUSED_BY_SYSTEM', {
    message: `${summary}${partly(results)}`,
    remedy: refusal?.remedy ?? 'Look at what the system says, and plan again when it is settled.',
    facts: {
      ...sendingFacts(plan, results),
      status,
      answer,
      ...(refusal === undefined ? {} : { refusal: { ...refusal } }),
    },
  });
  return { state: 'failed', summary, error, ...(refusal === undefined ? {} : { refusal }) };
}

function concludeNotSent(plan: Plan, results: Results, result: SendResult): Conclusion {
  const reason = 'reason' in result ? result.reason : '';
  const summary = `The request never reached the system: ${reason}.`;
  const error = createEngineError('NOT_SENT', {
    message: `${summary}${partly(results)}`,
    remedy: 'Plan again when the system can be reached.',
    facts: sendingFacts(plan, results),
    retryable: true,
  });
  return { state: 'failed', summary, error };
}

/** The system is not to blame: asking it again would end in the same way. */
function concludeStopped(plan: Plan, results: Results, violation: OperatorError): Conclusion {
  const { code, kind, message, remedy, retryable } = violation;
  const summary = `The request never reached the system: ${message}`;
  const error = new OperatorError({
    code,
    kind,
    message: `${summary}${partly(results)}`,
    remedy,
    facts: { ...violation.facts, ...sendingFacts(plan, results) },
    retryable,
    cause: violation,
  });
  return { state: 'failed', summary, error };
}

/** An action's own execute may leave requests out. */
function concludeLeftOut(plan: Plan, results: Results): Conclusion {
  const summary = `The action ended without sending all of its requests.`;
  const error = createEngineError('NOT_SENT', {
    message: `${summary}${partly(results)}`,
    remedy: 'Look at the state of the system, and tell the author of the plugin.',
    facts: sendingFacts(plan, results),
  });
  return { state: 'failed', summary, error };
}

function concludeCut(plan: Plan, results: Results): Conclusion {
  const summary = 'Interrupted before everything was sent.';
  const error = createEngineError('INTERRUPTED', {
    message: `${summary}${partly(results) || ' Nothing reached the system.'}`,
    remedy: 'Look at the state of the system before planning again.',
    facts: sendingFacts(plan, results),
  });
  return { state: 'interrupted', summary, error };
}

function concludeLost(plan: Plan, result: SendResult): Conclusion {
  const reason = 'reason' in result ? result.reason : '';
  const summary = `The answer was lost (${reason}), and nobody looked for the effect.`;
  const error = createEngineError('OUTCOME_UNKNOWN', {
    message: summary,
    remedy: 'Look for the effect before planning again: the request may have been carried out.',
    facts: sendingFacts(plan, [result]),
  });
  return { state: 'unknown', summary, error };
}

function concludeAccepted(plan: Plan): Conclusion {
  return {
    state: 'accepted',
    summary: `The system accepted it: ${plan.summary} Nobody waited for the effect.`,
    error: null,
  };
}

/** A sentence for what was carried out before it stopped. */
function partly(results: Results): string {
  const accepted = results.filter((result) => result?.outcome === 'accepted').length;
  const lost = results.filter((result) => result?.outcome === 'unknown').length;
  if (accepted + lost === 0) return '';
  const unknown = lost === 0 ? '' : `, and of ${lost} it is unknown`;
  return ` Of ${results.length} requests ${accepted} had been accepted${unknown}.`;
}

/** What errors tell of the requests. */
export function sendingFacts(plan: Plan, results: Results): JsonObject {
  return {
    action: plan.action,
    requests: results.map((result) => result?.outcome ?? 'not_begun'),
  };
}
