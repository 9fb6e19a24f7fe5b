import type { Fact, Tolerance, Unit } from 'operator-core';
import { printableLine } from './printable.ts';
import { formatPairs } from './table.ts';
import { formatValue } from './value.ts';

/** Facts as `name  value` lines. */
export function formatFacts(facts: readonly Fact[]): readonly string[] {
  return formatPairs(
    facts.map((fact) => [
      printableLine(fact.name),
      `${formatValue(fact.value, { unit: fact.unit })}${formatTolerance(fact)}`,
    ]),
  );
}

/** ` (may be at least 3, at most 8)`; empty for a fact that must stay as it is. */
function formatTolerance({ tolerance, unit }: Fact): string {
  if (tolerance === undefined) return '';
  const { atLeast, atMost, within } = tolerance;
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${formatValue(atLeast, { unit })}`]),
    ...(atMost === undefined ? [] : [`at most ${formatValue(atMost, { unit })}`]),
    ...(within === undefined ? [] : [`within ${formatWithin(within, unit)}`]),
  ];
  return ` (may be ${limits.join(', ')})`;
}

function formatWithin(within: NonNullable<Tolerance['within']>, unit: Unit | undefined): string {
  if (typeof within === 'number') return `${formatValue(within, { unit })} of it`;
  return `${formatValue(within.ratio, { unit: 'ratio' })} of it`;
}
