import type { JsonObject } from '../json/json.ts';
import type { NothingToDo, PlanDraft, Refused, StandingEffect } from './plan.ts';
import type { Refusal } from './refusal.ts';

/** A draft, from everything but its `kind`. */
export function draft(content: Omit<PlanDraft, 'kind'>): PlanDraft {
  return { kind: 'draft', ...content };
}

/** A refusal as the outcome of planning; `standingEffect`: the one that is in the way. */
export function refuse(refusal: Refusal, standingEffect?: StandingEffect): Refused {
  const named = standingEffect === undefined ? {} : { standingEffect };
  return { kind: 'refused', refusal, ...named };
}

/** Outcome when the system is already as requested. */
export function nothingToDo(summary: string, facts: JsonObject): NothingToDo {
  return { kind: 'nothing_to_do', summary, facts };
}
