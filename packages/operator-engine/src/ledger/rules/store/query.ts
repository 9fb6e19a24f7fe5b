import { mapInTurn } from './in-turn.ts';
import type { Input } from './statement.ts';

/** A condition with its value; `undefined` for no condition. */
export type Condition = readonly [condition: string, value: string | number | undefined];

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
    parts.push(condition);
    inputs.push(value);
  }
  return { sql: parts.length === 0 ? select : `${select} WHERE ${parts.join(' AND ')}`, inputs };
}

/** Number of rows of a page. */
export function clampLimit(wanted: number | undefined, usual: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.trunc(wanted ?? usual)));
}

/**
 * Rows that have one of several values, in order of their sequence: each value's own rows stand in
 * that order in an index, so that no query has to sort all of them.
 */
export async function pageOf<Row extends { readonly sequence: number }>(
  values: readonly string[] | undefined,
  page: { limit: number; newestFirst: boolean },
  query: (value: string | undefined) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  if (values === undefined) return query(undefined);
  const direction = page.newestFirst ? -1 : 1;
  const found = await mapInTurn([...new Set(values)], query);
  return found
    .flat()
    .toSorted((a, b) => direction * (a.sequence - b.sequence))
    .slice(0, page.limit);
}
