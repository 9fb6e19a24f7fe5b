import { canonicalJson, isTolerated } from 'operator-core';
import type { Fact, JsonValue } from 'operator-core';
import type { MovedFact } from '../events/run-event.ts';

/** A difference from the plan. A side without the fact is absent. */
export interface Change {
  readonly fact: string;
  readonly before?: JsonValue;
  readonly now?: JsonValue;
}

/** Bound facts that differ from the plan's by more than their tolerance, and tolerances that differ. */
export function factChanges(before: readonly Fact[], now: readonly Fact[]): readonly Change[] {
  const names = new Set([...before, ...now].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [planned, read] = [findFact(before, name), findFact(now, name)];
    const sides = { ...valueOf(planned, 'before'), ...valueOf(read, 'now') };
    if (planned === undefined || read === undefined) return [{ fact: name, ...sides }];
    const isHeld = isSame(sides) || isTolerated(planned, read.value);
    return [...(isHeld ? [] : [{ fact: name, ...sides }]), ...toleranceChanges(planned, read)];
  });
}

/** Bound facts that have moved within their tolerance. */
export function movedFacts(before: readonly Fact[], now: readonly Fact[]): readonly MovedFact[] {
  return before.flatMap((planned) => {
    const read = findFact(now, planned.name);
    if (read === undefined || !isTolerated(planned, read.value)) return [];
    const sides = { before: toJson(planned.value), now: toJson(read.value) };
    return isSame(sides) ? [] : [{ fact: planned.name, ...sides }];
  });
}

/** True when both sides exist and are the same JSON. */
export function isSame({ before, now }: Partial<Change>): boolean {
  if (before === undefined || now === undefined) return false;
  return canonicalJson(before) === canonicalJson(now);
}

/** A document from outside may carry a wider tolerance than the action gives. */
function toleranceChanges(planned: Fact, read: Fact): readonly Change[] {
  const sides = { before: toleranceOf(planned), now: toleranceOf(read) };
  return isSame(sides) ? [] : [{ fact: `tolerance of ${planned.name}`, ...sides }];
}

function toleranceOf({ tolerance }: Fact): JsonValue {
  return tolerance === undefined ? 'none' : toJson(tolerance);
}

function findFact(facts: readonly Fact[], name: string): Fact | undefined {
  return facts.find((one) => one.name === name);
}

function valueOf(fact: Fact | undefined, side: 'before' | 'now'): Partial<Change> {
  return fact === undefined ? {} : { [side]: toJson(fact.value) };
}

/** Members of a fact are JSON by contract; an unknown value is data too. */
function toJson(value: unknown): JsonValue {
  return value as JsonValue;
}
