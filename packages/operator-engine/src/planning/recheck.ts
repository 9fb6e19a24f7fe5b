import { canonicalJson, higherRisk, toRequestContent } from 'operator-core';
import type {
  JsonObject,
  JsonValue,
  OperatorError,
  Plan,
  PlannedRequest,
  Refusal,
  RiskLevel,
} from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { toRefusalDocument } from '../errors/refusal-document.ts';
import { factChanges, isSame } from './compare-facts.ts';
import type { Change } from './compare-facts.ts';
import { narrowTargets } from './targeted-draft.ts';
import type { TargetedDraft, TargetedOutcome, TargetedRequests } from './targeted-draft.ts';

/**
 * Compares a plan with the result of planning now, for an action of this risk. Throws `PLAN_STALE` with the
 * differences; else returns the new draft, with those targets of the plan that still exist.
 */
export function recheck(plan: Plan, now: TargetedOutcome, actionRisk: RiskLevel): TargetedDraft {
  if (now.kind === 'refused') throw createRefused(plan, now.refusal);
  if (now.kind === 'nothing_to_do') {
    throw createStale(plan, `${now.summary} There is nothing left to do.`, {
      changes: [{ fact: 'nothing to do', now: now.summary }],
      nothingToDo: now.facts,
    });
  }
  const causes = [
    ...factChanges(plan.evidence.bound, now.evidence.bound),
    ...requestChanges(plan.requests, now.requests),
    ...targetChanges(plan.requests, now.requests),
    ...riskChanges(plan, higherRisk(actionRisk, now.riskLevel ?? 'low')),
  ];
  // When a bound fact has changed, the other differences are only a consequence.
  const changes = causes.length > 0 ? causes : partChanges(plan, now);
  const [first] = changes;
  if (first === undefined) {
    return { ...now, requests: narrowTargets(now.requests, plan.requests) };
  }
  throw createStale(plan, `${describeChange(first)}.`, {
    changes: changes.map((change) => ({ ...change })),
  });
}

function createRefused(plan: Plan, refusal: Refusal): OperatorError {
  const { code, message } = refusal;
  return createStale(plan, `${message} (${code})`, {
    changes: [{ fact: 'refusal', now: code }],
    refusal: toRefusalDocument(refusal),
  });
}

/** `PLAN_STALE`. */
export function createStale(plan: Plan, what: string, facts: JsonObject): OperatorError {
  return createEngineError('PLAN_STALE', {
    message: `The plan for ${plan.action} no longer holds, and nothing was sent: ${what}`,
    remedy: 'Plan again and look at what has changed.',
    facts,
  });
}

function requestChanges(
  before: readonly PlannedRequest[],
  now: readonly PlannedRequest[],
): Change[] {
  const length = Math.max(before.length, now.length);
  return Array.from({ length }, (_, index) => index).flatMap((index) => {
    const sides = {
      ...sideOf('before', before[index]),
      ...sideOf('now', now[index]),
    };
    return isSame(sides) ? [] : [{ fact: `request ${index + 1}`, ...sides }];
  });
}

/** Targets may differ, after a failover for instance; but one origin must be in both. */
function targetChanges(before: TargetedRequests, now: TargetedRequests): Change[] {
  return narrowTargets(before, now).flatMap(({ target }, index) => {
    const [was, is] = [before[index]?.target, now[index]?.target];
    if (target.length > 0 || was === undefined || is === undefined) return [];
    if (was.length === 0 && is.length === 0) return [];
    return [{ fact: 'target', before: [...was], now: [...is] }];
  });
}

function sideOf(side: 'before' | 'now', request: PlannedRequest | undefined): Partial<Change> {
  return request === undefined ? {} : { [side]: toRequestContent(request) };
}

/**
 * Changes of the parts that the gate acts by: resources to lock, lease and inverse. Parts that are only
 * shown, such as counts and sentences, may differ.
 */
function partChanges(plan: Plan, now: TargetedDraft): Change[] {
  const parts: Readonly<Record<string, readonly [unknown, unknown]>> = {
    resources: [plan.resources, now.resources],
    inverse: [plan.inverse, now.inverse],
    'standing effect': [plan.standingEffect, now.standingEffect ?? null],
    context: [plan.context ?? null, now.context ?? null],
    'resources of the effects': [resourcesOf(plan), resourcesOf(now)],
  };
  return Object.entries(parts).flatMap(([fact, sides]) => {
    // Both are JSON by contract.
    const [before, after] = sides as readonly [JsonValue, JsonValue];
    return isSame({ before, now: after }) ? [] : [{ fact, before, now: after }];
  });
}

function resourcesOf({ effects }: Pick<TargetedDraft, 'effects'>): readonly string[] {
  return effects.map(({ resource }) => resource);
}

/** A higher risk is not the one that was approved. */
function riskChanges({ riskLevel }: Plan, now: RiskLevel): Change[] {
  const isHigher = higherRisk(riskLevel, now) !== riskLevel;
  return isHigher ? [{ fact: 'risk', before: riskLevel, now }] : [];
}

function describeChange({ fact, before, now }: Change): string {
  const was = before === undefined ? 'was not there' : `was ${canonicalJson(before)}`;
  const is = now === undefined ? 'is not there now' : `is now ${canonicalJson(now)}`;
  return `${fact} ${was} and ${is}`;
}
