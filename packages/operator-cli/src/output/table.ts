import type { Style } from './style.ts';
import { padText, textWidth, truncateText } from './text-width.ts';

/** A table of texts that are ready to be shown. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** One column of a {@link Table}. */
export interface TableColumn {
  readonly title: string;
  /** True for numbers: they are right-aligned and never cut. */
  readonly isNumber?: boolean;
}

/** Width and style of the place where a table is shown. */
export interface TableOptions {
  /** Columns of the terminal, or `null` when no width is given. */
  readonly width: number | null;
  readonly style: Style;
}

const GAP = '  ';
const NARROWEST = 8;

/**
 * The table in lines. When it is too wide for the terminal, the widest texts are cut; when even that is not
 * enough, each row becomes a block of lines.
 */
export function formatTable(table: Table, { width, style }: TableOptions): readonly string[] {
  const widths = fitWidths(table, width);
  if (widths === null) return formatBlocks(table, style);
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const wide = widths[index] ?? 0;
        const side = table.columns[index]?.isNumber === true ? 'right' : 'left';
        return padText(truncateText(cell, wide), wide, side);
      })
      .join(GAP)
      .trimEnd();
  const heading = format(table.columns.map(({ title }) => title));
  return [style.bold(heading), ...table.rows.map(format)];
}

/** `title  value` lines, the values below each other. */
export function formatPairs(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...pairs.map(([title]) => textWidth(title)));
  return pairs.map(([title, value]) => `${padText(title, width)}${GAP}${value}`.trimEnd());
}

function fitWidths({ columns, rows }: Table, width: number | null): readonly number[] | null {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? '')), textWidth(title)),
  );
  if (width === null) return widths;
  const gaps = GAP.length * (columns.length - 1);
  let missing = widths.reduce((sum, wide) => sum + wide, gaps) - width;
  while (missing > 0) {
    const widest = widestText(columns, widths);
    if (widest === -1) return null;
    widths[widest] = (widths[widest] ?? 0) - 1;
    missing -= 1;
  }
  return widths;
}

/** The index of the widest column that may be cut, or -1. */
function widestText(columns: readonly TableColumn[], widths: readonly number[]): number {
  return columns.reduce((best, { isNumber, title }, index) => {
    const wide = widths[index] ?? 0;
    const least = Math.max(NARROWEST, textWidth(title));
    if (isNumber === true || wide <= least) return best;
    return best === -1 || wide > (widths[best] ?? 0) ? index : best;
  }, -1);
}

function formatBlocks({ columns, rows }: Table, style: Style): readonly string[] {
  return rows.flatMap((row, index) => {
    const pairs = formatPairs(columns.map(({ title }, column) => [title, row[column] ?? '']));
    const [first = '', ...others] = pairs;
    return [...(index === 0 ? [] : ['']), style.bold(first), ...others];
  });
}
