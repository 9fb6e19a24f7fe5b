import { advise } from 'operator-core';
import type { JsonObject, NextOperation, OperatorError, Remedy } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import type { EngineErrorCode } from '../errors/error-codes.ts';
import type { VerifyResult } from '../events/run-result.ts';
import type { PollResult } from './poll-effect.ts';

/** Facts about the run that the poll itself does not know. */
export interface PollFacts {
  /** Reason for which a request of this run has no usable answer; `null`: every answer is known, or nothing was sent. */
  readonly unclear: string | null;
  /** True when requests of this run were sent. */
  readonly isOwn: boolean;
  /** True when the effect's deadline has passed; false for a single look. */
  readonly isLate: boolean;
  /** The operation that continues looking. */
  readonly goOn: NextOperation;
  readonly facts: JsonObject;
}

type Concluded = Pick<VerifyResult, 'state' | 'summary' | 'error'>;

/** Turns the end of a poll into a state, a sentence and an error. */
export function concludePolling(polled: PollResult, about: PollFacts): Concluded {
  const summary = summarize(polled, about);
  if (polled.end === 'reached') return { state: 'succeeded', summary, error: null };
  const { code, state, remedyOf } = OUTCOMES[polled.end];
  const remedy = remedyOf(about.goOn);
  return { state, summary, error: createError(code, { summary, remedy, polled, about }) };
}

interface Outcome {
  readonly code: EngineErrorCode;
  readonly state: Concluded['state'];
  readonly remedyOf: (goOn: NextOperation) => string | Remedy;
}

const OUTCOMES: Readonly<Record<Exclude<PollResult['end'], 'reached'>, Outcome>> = {
  failed: {
    code: 'EFFECT_FAILED',
    state: 'ineffective',
    remedyOf: () => 'Look at what was seen, and plan again.',
  },
  reverted: {
    code: 'EFFECT_REVERTED',
    state: 'ineffective',
    remedyOf: () => 'Find out what in the system reverts it before you try again.',
  },
  superseded: {
    code: 'EFFECT_SUPERSEDED',
    state: 'ineffective',
    remedyOf: () => 'Look at the change that has taken its place before planning again.',
  },
  out_of_time: {
    code: 'NOT_VERIFIED',
    state: 'unknown',
    remedyOf: (goOn) =>
      advise`Keep looking with ${goOn}; plan again only when it is known that the effect will not come.`,
  },
  unseen: {
    code: 'OUTCOME_UNKNOWN',
    state: 'unknown',
    remedyOf: (goOn) => advise`Look again with ${goOn} when the system can be read.`,
  },
  interrupted: {
    code: 'INTERRUPTED',
    state: 'interrupted',
    remedyOf: (goOn) => advise`Keep looking with ${goOn}.`,
  },
};

function createError(
  code: EngineErrorCode,
  told: { summary: string; remedy: string | Remedy; polled: PollResult; about: PollFacts },
): OperatorError {
  const { verification, error } = told.polled;
  return createEngineError(code, {
    message: told.summary,
    remedy: told.remedy,
    facts: {
      ...told.about.facts,
      answerLost: told.about.unclear !== null,
      wasReached: told.polled.wasReached,
      lastSeen:
        verification === null ? null : { ...verification, progress: progressOf(verification) },
    },
    ...(error === null ? {} : { cause: error }),
  });
}

function progressOf({ progress }: NonNullable<PollResult['verification']>): JsonObject | null {
  return progress === undefined ? null : { ...progress };
}

function summarize(polled: PollResult, about: PollFacts): string {
  const { isLate, unclear } = about;
  const seen = polled.verification?.summary ?? 'nothing could be seen';
  const sent = sentence(about);
  const reached = unclear === null ? '' : `${noAnswer(unclear)}, but the effect is there: `;
  const interrupted = polled.wasReached
    ? 'Interrupted: the effect was there, but had not settled'
    : `Interrupted. ${sent} the effect had not been seen yet`;
  const summaries: Readonly<Record<PollResult['end'], string>> = {
    reached: `${reached}${seen}`,
    failed: `${sent} the effect is not there: ${seen}`,
    reverted: `The effect was there, but was taken back: ${seen}`,
    superseded: polled.wasReached
      ? `The effect was there, but another change has taken its place: ${seen}`
      : `${sent} another change has taken its place: ${seen}`,
    out_of_time: isLate
      ? `${sent} the effect was not reached before the deadline, and may still come: ${seen}`
      : `${sent} the effect is not there: ${seen}`,
    unseen: polled.wasReached
      ? `The effect was there, but could not be seen again: ${unseen(polled, seen)}`
      : `${sent} the effect could not be seen: ${unseen(polled, seen)}`,
    interrupted: `${interrupted}: ${seen}`,
  };
  return summaries[polled.end];
}

/** Explains that the effect was not seen; when the last read failed, its error comes first. */
function unseen({ error }: PollResult, seen: string): string {
  return error === null ? seen : `${error.message} Last seen: ${seen}`;
}

function sentence({ unclear, isOwn }: PollFacts): string {
  if (!isOwn) return 'Looked, and';
  return unclear === null ? 'The system accepted it, but' : `${noAnswer(unclear)}, and`;
}

/** Beginning of a sentence about a request without a usable answer. */
export function noAnswer(reason: string): string {
  return `No usable answer came (${reason.replace(/\.$/u, '')})`;
}
