import {
  canonicalJson,
  isJsonObject,
  isJsonValue,
  parsePlanOutcome,
  PLAN_FORMAT,
  RISK_LEVELS,
} from 'operator-core';
import type { JsonObject, OperatorError, Plan, SystemIdentity } from 'operator-core';
import * as z from 'zod/mini';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { systemIdentitySchema } from '../subject/answer-schemas.ts';
import type { GateContext } from '../subject/gate-context.ts';
import { lazily } from '../base/lazily.ts';
import { isTrusted, trustPlan } from './trusted-plan.ts';
import type { TrustedPlan } from './trusted-plan.ts';

const text = () => z.string().check(z.minLength(1));
const time = () => z.iso.datetime();
const headSchema = lazily(() =>
  z.looseObject({
    format: z.literal(PLAN_FORMAT),
    digest: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/u)),
    createdAt: time(),
    expiresAt: time(),
    subject: z.strictObject({
      name: text(),
      plugin: text(),
      system: systemIdentitySchema(),
      guard: z.exactOptional(z.literal('none')),
    }),
    action: text(),
    parameters: z.custom<JsonObject>(isJsonObject),
    riskLevel: z.enum(RISK_LEVELS),
    requiresApproval: z.boolean(),
    requests: z.array(z.looseObject({ protocol: text(), target: z.array(text()) })),
  }),
);

/**
 * Checks a plan before anything is read: it is a plan, unchanged, and for this subject. The digest is no
 * signature; that only a new plan from the system proves that the plan is right.
 */
export function checkPlan(plan: Plan, context: GateContext): TrustedPlan {
  const checked = isTrusted(plan) ? plan : checkPlanDocument(plan);
  const { name, plugin } = checked.subject;
  if (name === context.subjectName && plugin === context.loaded.plugin.name) return checked;
  throw createOther(`subject ${name} (${plugin})`, {
    plan: { subject: name, plugin },
    here: { subject: context.subjectName, plugin: context.loaded.plugin.name },
  });
}

/** A copy of a value as an unchanged plan. Throws `PLAN_INVALID` or `PLAN_DIGEST_MISMATCH`. */
export function checkPlanDocument(value: unknown): TrustedPlan {
  checkShape(value);
  // The shape has just been checked; later changes by the caller do not count.
  const plan = structuredClone(value) as Plan;
  const { digest } = plan;
  const trusted = trustPlan(plan, { from: 'document', document: digest, digest });
  if ('actual' in trusted) throw createTampered(digest, trusted.actual);
  return trusted;
}

/** Refuses a plan that was made for another running system than the one that answers now. */
export function checkSystem(plan: Plan, system: SystemIdentity): void {
  const { kind, id } = plan.subject.system;
  if (kind === system.kind && id === system.id) return;
  throw createOther(`${kind} ${id}`, {
    plan: { kind, id },
    here: { kind: system.kind, id: system.id },
  });
}

function checkShape(plan: unknown): void {
  try {
    if (!isJsonValue(plan)) throw new Error('it is not plain JSON');
    headSchema().parse(plan);
    parsePlanOutcome('of the document', draftOf(plan));
  } catch (error) {
    throw createEngineError('PLAN_INVALID', {
      message: `This is not a plan that can be applied: ${describeCause(error)}.`,
      remedy: 'Make a plan with this version of Operator and apply that.',
      cause: error,
    });
  }
}

/** The members from the plugin's draft, to be checked as the draft was. */
function draftOf(plan: unknown): unknown {
  const { format, digest, createdAt, expiresAt, subject, action, parameters, ...rest } =
    plan as Plan;
  const { requiresApproval, standingEffect, ...draft } = rest;
  // A finished plan may have no known origin, a draft may not.
  const requests = draft.requests.map(({ target, ...request }) =>
    target.length === 0 ? request : { ...request, target },
  );
  return {
    kind: 'draft',
    ...draft,
    requests,
    ...(standingEffect === null ? {} : { standingEffect }),
  };
}

function createTampered(digest: string, actual: string): OperatorError {
  return createEngineError('PLAN_DIGEST_MISMATCH', {
    message: 'The plan was changed after it was made: its digest does not match its content.',
    remedy: 'Plan again and apply the plan as it is.',
    facts: { digest, actual },
  });
}

function createOther(whose: string, facts: JsonObject): OperatorError {
  return createEngineError('PLAN_FOR_OTHER_SYSTEM', {
    message: `The plan was made for ${whose}, which is not what it is applied to: ${canonicalJson(facts)}.`,
    remedy: 'Choose the subject that the plan is for, or plan again for this one.',
    facts,
  });
}
