import type { Input } from './statement.ts';

/** A condition with its value: a list stands for `column IN (…)`, `undefined` for no condition. */
export type Condition = readonly [
  columnOrCondition: string,
  value: string | number | readonly string[] | undefined,
];

const MOST_ROWS = 1_000;

/** A query with those of the conditions that have a value. */
export function createQuery(
  select: string,
  conditions: readonly Condition[],
): { sql: string; inputs: Input[] } {
  const parts: string[] = [];
  const inputs: Input[] = [];
  for (const [condition, value] of conditions) {
    if (value === undefined) continue;
    const values: readonly Input[] = typeof value === 'object' ? value : [value];
    const places = values.map(() => '?').join(', ');
    parts.push(typeof value === 'object' ? `${condition} IN (${places})` : condition);
    inputs.push(...values);
  }
  return { sql: parts.length === 0 ? select : `${select} WHERE ${parts.join(' AND ')}`, inputs };
}

/** How many rows a page has. */
export function clampLimit(wanted: number | undefined, usual: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.trunc(wanted ?? usual)));
}
