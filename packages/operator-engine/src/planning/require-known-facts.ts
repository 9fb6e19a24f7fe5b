import { advise, isUnknown } from 'operator-core';
import type { Fact, PlanOutcome } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { operations } from '../errors/operations.ts';

/**
 * Throws `FACT_UNKNOWN` when a bound fact of a draft, or a part of it, is unknown: a plan must not depend on a
 * value that could not be read.
 */
export function requireKnownFacts(action: string, outcome: PlanOutcome): void {
  if (outcome.kind !== 'draft') return;
  const unknown = outcome.evidence.bound.flatMap(({ name, value }: Fact) => {
    const because = findUnknown(value);
    return because === null ? [] : [{ fact: name, because }];
  });
  if (unknown.length === 0) return;
  const told = unknown.map(({ fact, because }) => `${fact} (${because})`).join('; ');
  throw createEngineError('FACT_UNKNOWN', {
    message: `The plan for ${action} rests on facts that could not be read: ${told}.`,
    remedy: advise`Make them readable, then plan again; ${operations.doctor} shows what cannot be read.`,
    facts: { action, unknown },
    retryable: true,
  });
}

/** The reason of the first unknown value at any depth of a value; `null`: all values are known. */
function findUnknown(value: unknown): string | null {
  if (isUnknown(value)) return value.unknown;
  if (typeof value !== 'object' || value === null) return null;
  for (const member of Object.values(value)) {
    const because = findUnknown(member);
    if (because !== null) return because;
  }
  return null;
}
