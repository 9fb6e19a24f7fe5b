import { isJsonObject, isUnknown, readMember } from 'operator-core';
import type { JsonValue, View, ViewColumn, ViewTable } from 'operator-core';
import { createFootnotes } from './footnotes.ts';
import type { Footnotes } from './footnotes.ts';
import type { Look } from './output.ts';
import { printable, printableLine } from './printable.ts';
import { formatPairs, formatTable } from './table.ts';
import { formatValue } from './value.ts';

/** An observation's value in lines, by its view. Without a view it is JSON. */
export function formatObservation(
  value: unknown,
  view: View | undefined,
  look: Look,
): readonly string[] {
  if (view === undefined) return printable(JSON.stringify(value, null, 2) ?? 'none').split('\n');
  const footnotes = createFootnotes();
  const lines = [
    ...formatRows(value, view, { look, footnotes, doubt: readDoubt(value, view) }),
    ...(view.below ?? []).flatMap((table) => [
      '',
      look.style.bold(printableLine(table.title)),
      ...formatRows(value, table, { look, footnotes, doubt: null }),
    ]),
  ];
  const notes = footnotes.lines();
  return notes.length === 0 ? lines : [...lines, '', ...notes];
}

interface RowsLook {
  readonly look: Look;
  readonly footnotes: Footnotes;
  /** Reason why there may be more rows, or `null`. */
  readonly doubt: string | null;
}

function formatRows(
  value: unknown,
  view: ViewTable,
  { look, footnotes, doubt }: RowsLook,
): readonly string[] {
  const format = (row: unknown, { key, unit }: ViewColumn): string =>
    formatValue(readMember(row, key), { unit, footnotes });
  const rows = readRows(value, view);
  if (rows === null) {
    return formatPairs(
      view.columns.map((column) => [printableLine(column.title), format(value, column)] as const),
    );
  }
  if (rows.length === 0) return [doubt === null ? 'none' : `unknown: ${doubt}`];
  const columns = view.columns.map((column) => ({
    title: printableLine(column.title),
    isNumber: isNumeric(rows, column),
  }));
  const cells = rows.map((row) => view.columns.map((column) => format(row, column)));
  const table = formatTable({ columns, rows: cells }, look);
  return doubt === null ? table : [...table, '', `There may be more: ${doubt}`];
}

function readDoubt(value: unknown, { complete }: View): string | null {
  const found = complete === undefined ? undefined : readMember(value, complete);
  return isUnknown(found) ? printableLine(found.unknown) : null;
}

/** The rows that a view names, or `null` when the value itself is the only one. */
export function readRows(value: unknown, view: ViewTable | undefined): readonly JsonValue[] | null {
  if (view?.rows === undefined) return null;
  const rows = readMember(value, view.rows);
  return Array.isArray(rows) ? rows : null;
}

function isNumeric(rows: readonly unknown[], column: ViewColumn): boolean {
  const values = rows.map((row) => readMember(row, column.key));
  const known = values.filter((value) => value !== undefined && !isJsonObject(value));
  return known.length > 0 && known.every((value) => typeof value === 'number' || value === null);
}
