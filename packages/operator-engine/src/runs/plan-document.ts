import { canonicalJson, isJsonValue } from 'operator-core';
import type { Plan } from 'operator-core';
import { describeCause } from '../describe-cause.ts';
import { createEngineError } from '../engine-error.ts';
import { checkPlanDocument } from './check-plan.ts';
import { deepFreeze } from '../gate/deep-freeze.ts';

/** A plan as the text of a file: canonical JSON (RFC 8785) and a newline. */
export function formatPlanDocument(plan: Plan): string {
  // A plan is JSON by contract; canonicalJson throws where it is not.
  return `${canonicalJson(JSON.parse(JSON.stringify(plan)))}\n`;
}

/**
 * Reads what {@link formatPlanDocument} wrote. Throws `PLAN_INVALID` for anything that is not exactly
 * such a text, and `PLAN_DIGEST_MISMATCH` for one that was changed.
 */
export function parsePlanDocument(text: string): Plan {
  const value = parse(text);
  const plan = deepFreeze(checkPlanDocument(value));
  // One text for one plan: comparing or signing files compares plans.
  if (formatPlanDocument(plan) !== `${text.trimEnd()}\n`) {
    throw createInvalid('another program has rewritten it: it is not canonical JSON');
  }
  return plan;
}

/** Throws `PLAN_EXPIRED` for a plan whose time is over. */
export function checkNotExpired(plan: Plan, now: number): void {
  if (now < Date.parse(plan.expiresAt)) return;
  throw createEngineError('PLAN_EXPIRED', {
    message: `The plan for ${plan.action} was made at ${plan.createdAt} and could be applied until ${plan.expiresAt}.`,
    remedy: 'Plan again.',
    facts: { action: plan.action, createdAt: plan.createdAt, expiresAt: plan.expiresAt },
  });
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonValue(value)) return value;
  } catch (error) {
    throw createInvalid(`it is not JSON: ${describeCause(error)}`, error);
  }
  throw createInvalid('it is not plain JSON');
}

function createInvalid(why: string, cause?: unknown): Error {
  return createEngineError('PLAN_INVALID', {
    message: `This is not a plan that can be applied: ${why}.`,
    remedy: 'Apply the file as `operator plan --out` wrote it.',
    cause,
  });
}
