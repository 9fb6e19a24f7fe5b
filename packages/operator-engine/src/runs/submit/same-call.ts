import { canonicalJson } from 'operator-core';
import type { JsonObject, Plan } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import type { RunDetails, RunPurpose } from '../../ledger/run-record.ts';

/** Condition on an observation that must hold after the effect is proven, and the longest wait for it. */
export interface Until {
  readonly condition: string;
  readonly withinMs: number;
}

/** The part of a call that must be equal for two calls to be the same. */
export interface CallIdentity {
  readonly subject: string;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly purpose?: RunPurpose | undefined;
  readonly leaseMs?: number | undefined;
  readonly until?: Until | undefined;
}

/** Identity of the call that a plan is submitted by. */
export function identityOf({ subject, action, parameters }: Plan): CallIdentity {
  return { subject: subject.name, action, parameters };
}

/** A key, or a document, that comes with another request is a mistake of the caller, not the same call again. */
export function requireSameCall(
  first: RunDetails,
  { subject, action, parameters, purpose = first.purpose, leaseMs, until }: CallIdentity,
): void {
  const isSame =
    first.subject === subject &&
    first.action === action &&
    first.leaseMs === (leaseMs ?? null) &&
    first.condition?.text === until?.condition.trim() &&
    first.condition?.withinMs === until?.withinMs &&
    canonicalJson({ ...first.purpose }) === canonicalJson({ ...purpose }) &&
    canonicalJson(first.plan.parameters) === canonicalJson(parameters);
  if (isSame) return;
  const lease = first.leaseMs === null ? 'without an end' : `for ${first.leaseMs / 1000} s`;
  const stays = first.plan.standingEffect === null ? '' : `, ${lease}`;
  const how = first.condition === null ? stays : `${stays}, until ${first.condition.text}`;
  throw createEngineError('IDEMPOTENCY_KEY_REUSED', {
    message: `The plan, or the idempotency key, belongs to run ${first.id}, which requested something else: ${first.action} on ${first.subject}${how}.`,
    remedy: 'Plan again, and use a new key for each run.',
    facts: {
      runId: first.id,
      action: first.action,
      subject: first.subject,
      leaseMs: first.leaseMs,
    },
  });
}
