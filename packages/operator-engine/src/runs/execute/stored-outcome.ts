import { createNextSchema, ERROR_KINDS, isJsonObject, OperatorError } from 'operator-core';
import type {
  JsonObject,
  JsonValue,
  OperatorErrorDocument,
  Refusal,
  Verification,
} from 'operator-core';
import * as z from 'zod/mini';
import { toRefusalDocument } from '../../errors/refusal-document.ts';
import type { Conclusion } from './conclude-sending.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { lazily } from '../../base/lazily.ts';

const jsonObject = () => z.custom<JsonObject>(isJsonObject);
const errorSchema = lazily(() =>
  z.looseObject({
    code: z.string(),
    kind: z.enum(ERROR_KINDS),
    message: z.string(),
    remedy: z.string(),
    next: z._default(createNextSchema(), []),
    facts: jsonObject(),
    retryable: z.boolean(),
  }),
);
const refusalSchema = lazily(() =>
  z.looseObject({
    code: z.string(),
    message: z.string(),
    facts: jsonObject(),
    remedy: z.string(),
    next: z._default(createNextSchema(), []),
  }),
);
const verificationSchema = lazily(() =>
  z.looseObject({
    state: z.enum(['pending', 'reached', 'failed', 'superseded', 'unknown']),
    summary: z.string(),
    facts: jsonObject(),
  }),
);

/** Record of the end of a run, so that every reader gets the same result. */
export interface StoredOutcome {
  readonly error: OperatorError | null;
  readonly refusal: Refusal | null;
  readonly verification: Verification | null;
}

/** True when the effect of a run is there without its cause being known: looking again shows no more. */
export function isCauseUnknown({ state, detail }: RunDetails): boolean {
  return state === 'unknown' && parseStoredOutcome(detail).error?.code === 'CAUSE_UNKNOWN';
}

/** True when the effect of a run was there and something else took it back before the run was over. */
export function wasTakenBack({ state, detail }: RunDetails): boolean {
  if (state !== 'ineffective') return false;
  const { error } = parseStoredOutcome(detail);
  const isReplaced = error?.code === 'EFFECT_SUPERSEDED' && error.facts['wasReached'] === true;
  return error?.code === 'EFFECT_REVERTED' || isReplaced;
}

/** End of a run, as the ledger keeps it. */
export function toStoredOutcome(
  { error, refusal, condition }: Pick<Conclusion, 'error' | 'refusal' | 'condition'>,
  verification: Verification | null = null,
): JsonObject {
  return {
    error: error === null ? null : { ...error.toJSON() },
    refusal: refusal === undefined ? null : toRefusalDocument(refusal),
    verification: verification === null ? null : verificationDocument(verification),
    ...(condition === undefined ? {} : { condition: { ...condition } }),
  };
}

/** Parsed detail from the ledger. A part that is missing, or of another version, is `null`. */
export function parseStoredOutcome(detail: JsonObject): StoredOutcome {
  const error = errorSchema().safeParse(detail['error']);
  const refusal = refusalSchema().safeParse(detail['refusal']);
  const verification = verificationSchema().safeParse(detail['verification']);
  return {
    error: error.success ? toError(error.data) : null,
    refusal: refusal.success ? toRefusal(refusal.data) : null,
    verification: verification.success ? verification.data : null,
  };
}

function toRefusal({
  remedy: text,
  next,
  ...stored
}: z.infer<ReturnType<typeof refusalSchema>>): Refusal {
  const { code, message, facts } = stored;
  return { code, message, facts, remedy: { text, next } };
}

function toError({ remedy: text, next, ...stored }: OperatorErrorDocument): OperatorError {
  return new OperatorError({ ...stored, remedy: { text, next } });
}

/** A look at an effect as plain JSON. */
export function verificationDocument({ progress, ...seen }: Verification): JsonObject {
  const counted: JsonValue = progress === undefined ? null : { ...progress };
  return { ...seen, progress: counted };
}
