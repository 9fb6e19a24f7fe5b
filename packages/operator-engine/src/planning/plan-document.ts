import { advise, canonicalJson, isJsonValue } from 'operator-core';
import type { Plan } from 'operator-core';
import { TIME_SLACK_MS } from '../clock/advance-time.ts';
import { operations } from '../errors/operations.ts';
import type { Clock } from '../clock/clock.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { checkPlanDocument } from './check-plan.ts';
import type { TrustedPlan } from './trusted-plan.ts';

/** A plan as the text of a file: canonical JSON (RFC 8785) and a newline. */
export function formatPlanDocument(plan: Plan): string {
  // A plan is JSON by contract; canonicalJson throws when it is not.
  return `${canonicalJson(JSON.parse(JSON.stringify(plan)))}\n`;
}

/**
 * Reads what {@link formatPlanDocument} wrote. Throws `PLAN_INVALID` for anything that is not exactly
 * such a text, and `PLAN_DIGEST_MISMATCH` for one that was changed.
 */
export function parsePlanDocument(text: string): TrustedPlan {
  const value = parse(text);
  const plan = checkPlanDocument(value);
  // One text for one plan: comparing or signing files compares plans.
  if (formatPlanDocument(plan) !== `${text.trimEnd()}\n`) {
    throw createInvalid('another program has rewritten it: it is not canonical JSON');
  }
  return plan;
}

/**
 * Throws `PLAN_EXPIRED` for a plan that has expired, and `CLOCK_IN_DOUBT` for one that has expired, or is not
 * valid yet, by only one of the ledger's time and the machine's clock.
 */
export function checkNotExpired(plan: Plan, clock: Clock): void {
  const [from, until] = [Date.parse(plan.createdAt), Date.parse(plan.expiresAt)];
  const now = clock.candidates();
  if (now.some((time) => time < until)) {
    const isCertain = now.every((time) => time < until) && from <= Math.max(...now) + TIME_SLACK_MS;
    if (isCertain) return;
    throw createEngineError('CLOCK_IN_DOUBT', {
      message: `The plan for ${plan.action} was made at ${plan.createdAt} and may be applied until ${plan.expiresAt}; now it is ${now.map(toIso).join(' by the ledger, and by this machine’s clock ')}. Nothing was done.`,
      remedy: advise`Plan again. If the machine’s clock is right, the owner of the ledger sets the ledger’s time by it first: ${operations.acceptTime}.`,
      facts: { action: plan.action, createdAt: plan.createdAt, expiresAt: plan.expiresAt },
    });
  }
  throw createEngineError('PLAN_EXPIRED', {
    message: `The plan for ${plan.action} was made at ${plan.createdAt} and could be applied until ${plan.expiresAt}.`,
    remedy: 'Plan again.',
    facts: { action: plan.action, createdAt: plan.createdAt, expiresAt: plan.expiresAt },
  });
}

function toIso(time: number): string {
  return new Date(time).toISOString();
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
    remedy: 'Apply the file unchanged, as planning wrote it.',
    cause,
  });
}
