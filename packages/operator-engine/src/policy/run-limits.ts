import type { Plan } from 'operator-core';
import { isUnknown } from 'operator-core';
import type { RunLimits } from '../ledger/claim.ts';
import { amountOf, toPlanTraits } from './plan-traits.ts';
import type { PlanTraits } from './plan-traits.ts';
import type { LoadedPolicy, PolicyLimits, ResourceLimit } from './policy.ts';
import type { PurposeKind } from './policy-words.ts';
import { kindOf } from '../ledger/resource.ts';

/** A limit of a kind of resource, computed for one plan. */
export interface CountedLimit {
  readonly limit: ResourceLimit;
  readonly most: number;
  /** Reason for which no plan like this can ever run under the limit, as a sentence; `null` when it can. */
  readonly objection: string | null;
}

/**
 * The limits for the claim of a run, in the ledger's terms. What ends an effect (`lease_end`, `cancel`) has
 * none; an `undo` has no cooldown and no block after failures. With an unreadable policy no run is ever
 * claimed, and the limits allow none either.
 */
export function limitsFor(
  policy: LoadedPolicy,
  run: { plan: Plan; purpose: PurposeKind },
): RunLimits {
  if (policy.kind === 'unreadable') return { runsAtOnce: 0, runsPerHour: 0 };
  return toRunLimits(policy.policy.limits, toPlanTraits(run.plan), run.purpose);
}

/** The limits of a policy for one plan. */
export function toRunLimits(
  limits: PolicyLimits,
  traits: PlanTraits,
  purpose: PurposeKind,
): RunLimits {
  if (isEnding(purpose)) return {};
  const { runsAtOnce, runsPerHour, cooldownMs, failures } = limits;
  const isUndo = purpose === 'undo';
  const counted = countLimits(limits, traits, purpose).map(({ limit, most }) => {
    return { kind: limit.kind, most };
  });
  return {
    ...(runsAtOnce === null ? {} : { runsAtOnce }),
    ...(runsPerHour === null ? {} : { runsPerHour }),
    ...(cooldownMs === null || isUndo ? {} : { cooldownMs }),
    ...(failures === null || isUndo ? {} : { failures }),
    ...(counted.length === 0 ? {} : { resourcesAtOnce: counted }),
  };
}

/** The limits of the kinds of resources that a plan disturbs. */
export function countLimits(
  limits: PolicyLimits,
  traits: PlanTraits,
  purpose: PurposeKind,
): readonly CountedLimit[] {
  if (isEnding(purpose)) return [];
  const kinds = new Set(traits.disturbed.map(kindOf));
  return limits.resourcesAtOnce
    .filter(({ kind }) => kinds.has(kind))
    .map((limit) => countLimit(limit, traits));
}

function countLimit(limit: ResourceLimit, traits: PlanTraits): CountedLimit {
  const { kind, most, share, of } = limit;
  const atMost = most ?? Infinity;
  if (share === null || of === null) return { limit, most: atMost, objection: null };
  const total = amountOf(traits.counts, of);
  if (typeof total !== 'number' || Number.isNaN(total)) {
    const why = isUnknown(total) ? total.unknown : 'the plan does not say it';
    const objection = `How much of ${kind} may be disturbed cannot be counted: ${of} is not known (${why}).`;
    return { limit, most: 0, objection };
  }
  // A share that is a whole number must not lose one to rounding errors.
  const counted = Math.max(0, Math.min(atMost, Math.floor(share * total + 1e-9)));
  const objection =
    counted > 0 ? null : `A share of ${share} of ${total} ${of} is less than one ${kind}.`;
  return { limit, most: counted, objection };
}

function isEnding(purpose: PurposeKind): boolean {
  return purpose === 'lease_end' || purpose === 'cancel';
}
