import { isUnknown } from '../contract/unknown-value.ts';
import type { View, ViewTable } from '../contract/view.ts';
import { readMember } from './read-member.ts';

/**
 * Everything that a view names and a value does not have, as sentences: the rows, a column that is in no row, the
 * member that tells whether the rows are complete. What is unknown is there. Empty when the view fits.
 */
export function viewIssues(view: View, value: unknown): readonly string[] {
  const { complete } = view;
  const isIncomplete = complete !== undefined && isMissing(value, complete);
  return [
    ...tableIssues(view, value),
    ...(isIncomplete
      ? [`the view's \`complete\` is ${complete}, which the value does not have`]
      : []),
    ...(view.below ?? []).flatMap((table) => tableIssues(table, value)),
  ];
}

function tableIssues({ rows, columns }: ViewTable, value: unknown): readonly string[] {
  if (rows === undefined) return columnIssues(columns, [value], 'the value');
  const list = readMember(value, rows);
  if (isUnknown(list)) return [];
  if (!Array.isArray(list))
    return [`the view's rows are ${rows}, which is not a list of the value`];
  return columnIssues(columns, list, rows);
}

function columnIssues(
  columns: ViewTable['columns'],
  rows: readonly unknown[],
  where: string,
): readonly string[] {
  if (rows.length === 0) return [];
  return columns
    .filter(({ key }) => rows.every((row) => isMissing(row, key)))
    .map(({ key }) => `the view's column ${key} is in no row of ${where}`);
}

function isMissing(row: unknown, key: string): boolean {
  return readMember(row, key) === undefined;
}
