import { isJsonObject } from 'operator-core';
import type { JsonValue, View, ViewColumn } from 'operator-core';
import { createFootnotes } from './footnotes.ts';
import type { Look } from './output.ts';
import { printable, printableLine } from './printable.ts';
import { formatPairs, formatTable } from './table.ts';
import { formatValue, readMember } from './value.ts';

/** An observation's value in lines, as its view says. Without a view it is JSON. */
export function formatObservation(
  value: unknown,
  view: View | undefined,
  look: Look,
): readonly string[] {
  if (view === undefined) return printable(JSON.stringify(value, null, 2) ?? 'none').split('\n');
  const footnotes = createFootnotes();
  const format = (row: unknown, { key, unit }: ViewColumn): string =>
    formatValue(readMember(row, key), { unit, footnotes });
  const rows = readRows(value, view);
  if (rows === null) {
    const pairs = view.columns.map(
      (column) => [printableLine(column.title), format(value, column)] as const,
    );
    return withFootnotes(formatPairs(pairs), footnotes.lines());
  }
  if (rows.length === 0) return ['none'];
  const table = {
    columns: view.columns.map((column) => ({
      title: printableLine(column.title),
      isNumber: isNumeric(rows, column),
    })),
    rows: rows.map((row) => view.columns.map((column) => format(row, column))),
  };
  return withFootnotes(formatTable(table, look), footnotes.lines());
}

/** The rows that a view names, or `null` when the value itself is the only one. */
export function readRows(value: unknown, view: View | undefined): readonly JsonValue[] | null {
  if (view?.rows === undefined) return null;
  const rows = readMember(value, view.rows);
  return Array.isArray(rows) ? rows : null;
}

function isNumeric(rows: readonly unknown[], column: ViewColumn): boolean {
  const values = rows.map((row) => readMember(row, column.key));
  const known = values.filter((value) => value !== undefined && !isJsonObject(value));
  return known.length > 0 && known.every((value) => typeof value === 'number' || value === null);
}

function withFootnotes(lines: readonly string[], notes: readonly string[]): readonly string[] {
  return notes.length === 0 ? lines : [...lines, '', ...notes];
}
