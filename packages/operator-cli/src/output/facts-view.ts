import type { Fact } from 'operator-core';
import { printableLine } from './printable.ts';
import { formatPairs } from './table.ts';
import { formatValue } from './value.ts';

/** Facts as `name  value` lines. */
export function formatFacts(facts: readonly Fact[]): readonly string[] {
  return formatPairs(
    facts.map(({ name, value, unit }) => [printableLine(name), formatValue(value, { unit })]),
  );
}
