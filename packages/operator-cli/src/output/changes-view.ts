import { isJsonObject } from 'operator-core';
import type { JsonValue } from 'operator-core';
import type { PlanChange } from 'operator-engine';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';
import { formatPairs } from './table.ts';
import { formatValue } from './value.ts';

/** The differences of two plans, in lines. */
export function formatChanges(changes: readonly PlanChange[], { style }: Look): readonly string[] {
  if (changes.length === 0) {
    return ['The new plan is the same except for its time.'];
  }
  const pairs = changes.map(({ what, name, before, now }): [string, string] => [
    `${what} ${printableLine(name)}`,
    `${formatSide(before)} → ${formatSide(now)}`,
  ]);
  return [
    style.bold('Differences from the plan in the file'),
    ...formatPairs(pairs).map((line) => `  ${line}`),
  ];
}

/** Formats one side of a change: of a fact or an amount, its value. */
function formatSide(value: JsonValue | undefined): string {
  if (isJsonObject(value) && typeof value['name'] === 'string' && value['value'] !== undefined) {
    return formatValue(value['value']);
  }
  return formatValue(value);
}
