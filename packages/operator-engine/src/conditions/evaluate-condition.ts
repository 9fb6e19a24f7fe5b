import { isUnknown, readMember } from 'operator-core';
import { ROW_COUNT } from './condition.ts';
import type { Condition, Operator } from './condition.ts';
import type { ConditionReading } from '../ledger/run-condition.ts';
import { toNumber } from './to-number.ts';

/** A value that can be compared, or the reason for which there is none. */
type Found = { readonly value: number | string | boolean | null } | { readonly unknown: string };

/** Compares the answer of an observation with a condition. What is not known for sure never holds. */
export function evaluateCondition(condition: Condition, answer: unknown): ConditionReading {
  const what = nameOf(condition);
  const found = find(condition, answer);
  if ('unknown' in found) return { holds: null, summary: `${what} is unknown: ${found.unknown}.` };
  const { value } = found;
  const said = value === null ? 'none' : String(value);
  const holds = compare(value, condition);
  const doubt = holds === null ? `, which cannot be compared with ${condition.value}` : '';
  return { holds, summary: `${what} is ${said}${doubt}.` };
}

/** The left side of a condition, as it was typed. */
function nameOf({ observation, row, field }: Condition): string {
  const chosen = row === null ? '' : `[${row.key}=${row.value}]`;
  return `${observation.name}${chosen}.${field}`;
}

function find(condition: Condition, answer: unknown): Found {
  const { view, row, field } = condition;
  if (view.rows === undefined) return toFound(readMember(answer, field));
  const rows = readMember(answer, view.rows);
  if (isUnknown(rows)) return rows;
  if (!Array.isArray(rows)) return { unknown: `the answer has no ${view.rows}` };
  const chosen = row === null ? rows : rows.filter((one) => matches(one, row));
  if (field === ROW_COUNT) return countOf(condition, { answer, rows, chosen });
  const [one] = chosen;
  if (chosen.length === 1) return toFound(readMember(one, field));
  const by = `${row?.key}=${row?.value}`;
  return { unknown: `${chosen.length === 0 ? 'no row has' : `${chosen.length} rows have`} ${by}` };
}

/** A count is known only when all rows are there, and each tells whether it is to be counted. */
function countOf(
  { view, row }: Condition,
  { answer, rows, chosen }: Record<'rows' | 'chosen', unknown[]> & { answer: unknown },
): Found {
  const complete = view.complete === undefined ? true : readMember(answer, view.complete);
  if (isUnknown(complete)) return complete;
  if (complete !== true) return { unknown: 'there may be more rows' };
  const unread = row === null ? undefined : rows.find((one) => isUnread(one, row.key));
  return unread === undefined
    ? { value: chosen.length }
    : { unknown: `${row?.key} of a row is not known` };
}

function isUnread(row: unknown, key: string): boolean {
  const member = readMember(row, key);
  return member === undefined || isUnknown(member);
}

function matches(row: unknown, { key, value }: { key: string; value: string }): boolean {
  const found = toFound(readMember(row, key));
  return 'value' in found && isEqual(found.value, value) === true;
}

function toFound(member: unknown): Found {
  if (isUnknown(member)) return member;
  if (member === undefined) return { unknown: 'it is not in the answer' };
  if (member === null || ['number', 'string', 'boolean'].includes(typeof member)) {
    return { value: member as number | string | boolean | null };
  }
  return { unknown: 'it is no single value' };
}

function compare(
  found: number | string | boolean | null,
  { operator, value }: Condition,
): boolean | null {
  if (operator === '=') return isEqual(found, value);
  if (operator === '!=') {
    const equal = isEqual(found, value);
    return equal === null ? null : !equal;
  }
  const limit = toNumber(value);
  if (typeof found !== 'number' || limit === null) return null;
  return ORDER[operator](found, limit);
}

/** `null` where the two are of different kinds: then neither = nor != says anything. */
function isEqual(found: number | string | boolean | null, value: string): boolean | null {
  if (found === null) return value === 'none';
  if (typeof found === 'string') return found === value;
  if (typeof found === 'boolean') {
    return value === 'true' || value === 'false' ? String(found) === value : null;
  }
  const number = toNumber(value);
  return number === null ? null : found === number;
}

const ORDER: Readonly<Record<Exclude<Operator, '=' | '!='>, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
