import type { JsonObject, OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import type { EngineErrorCode } from '../errors/error-codes.ts';
import type { VerifyResult } from '../events/run-result.ts';
import type { PollResult } from './poll-effect.ts';

/** Facts from before the watching. */
export interface Watching {
  /** Reason for which a request of this run has no usable answer; `null`: every answer is known, or nothing was sent. */
  readonly unclear: string | null;
  /** True when requests of this run were sent. */
  readonly isOwn: boolean;
  /** True when the effect's deadline has passed; false for a single look. */
  readonly isLate: boolean;
  /** The command that continues looking. */
  readonly goOn: string;
  readonly facts: JsonObject;
}

type Concluded = Pick<VerifyResult, 'state' | 'summary' | 'error'>;

/** Turns how watching ended into a state, a sentence and an error. */
export function concludePolling(watched: PollResult, watching: Watching): Concluded {
  const summary = summarize(watched, watching);
  if (watched.end === 'reached') return { state: 'succeeded', summary, error: null };
  const { code, state, remedyOf } = OUTCOMES[watched.end];
  const remedy = remedyOf(watching.goOn);
  return { state, summary, error: createError(code, { summary, remedy, watched, watching }) };
}

interface Outcome {
  readonly code: EngineErrorCode;
  readonly state: Concluded['state'];
  readonly remedyOf: (goOn: string) => string;
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
      `Keep looking with \`${goOn}\`; plan again only when it is known that the effect will not come.`,
  },
  unseen: {
    code: 'OUTCOME_UNKNOWN',
    state: 'unknown',
    remedyOf: (goOn) => `Look again with \`${goOn}\` when the system can be read.`,
  },
  interrupted: {
    code: 'INTERRUPTED',
    state: 'interrupted',
    remedyOf: (goOn) => `Keep looking with \`${goOn}\`.`,
  },
};

function createError(
  code: EngineErrorCode,
  told: { summary: string; remedy: string; watched: PollResult; watching: Watching },
): OperatorError {
  const { verification, error } = told.watched;
  return createEngineError(code, {
    message: told.summary,
    remedy: told.remedy,
    facts: {
      ...told.watching.facts,
      answerLost: told.watching.unclear !== null,
      wasReached: told.watched.wasReached,
      lastSeen:
        verification === null ? null : { ...verification, progress: progressOf(verification) },
    },
    ...(error === null ? {} : { cause: error }),
  });
}

function progressOf({ progress }: NonNullable<PollResult['verification']>): JsonObject | null {
  return progress === undefined ? null : { ...progress };
}

function summarize(watched: PollResult, watching: Watching): string {
  const { isLate, unclear } = watching;
  const seen = watched.verification?.summary ?? 'nothing could be seen';
  const sent = sentence(watching);
  const reached = unclear === null ? '' : `${noAnswer(unclear)}, but the effect is there: `;
  const interrupted = watched.wasReached
    ? 'Interrupted: the effect was there, but had not settled'
    : `Interrupted. ${sent} the effect had not been seen yet`;
  const summaries: Readonly<Record<PollResult['end'], string>> = {
    reached: `${reached}${seen}`,
    failed: `${sent} the effect is not there: ${seen}`,
    reverted: `The effect was there, but was taken back: ${seen}`,
    superseded: watched.wasReached
      ? `The effect was there, but another change has taken its place: ${seen}`
      : `${sent} another change has taken its place: ${seen}`,
    out_of_time: isLate
      ? `${sent} the effect was not reached before the deadline, and may still come: ${seen}`
      : `${sent} the effect is not there: ${seen}`,
    unseen: watched.wasReached
      ? `The effect was there, but could not be seen again: ${unseen(watched, seen)}`
      : `${sent} the effect could not be seen: ${unseen(watched, seen)}`,
    interrupted: `${interrupted}: ${seen}`,
  };
  return summaries[watched.end];
}

/** Explains that the effect was not seen; when the last read failed, its error comes first. */
function unseen({ error }: PollResult, seen: string): string {
  return error === null ? seen : `${error.message} Last seen: ${seen}`;
}

function sentence({ unclear, isOwn }: Watching): string {
  if (!isOwn) return 'Looked, and';
  return unclear === null ? 'The system accepted it, but' : `${noAnswer(unclear)}, and`;
}

/** First words about a request whose answer was lost or does not tell what it did. */
export function noAnswer(reason: string): string {
  return `No usable answer came (${reason.replace(/\.$/u, '')})`;
}
