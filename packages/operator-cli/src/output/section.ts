import type { Style } from './style.ts';

/** A title and the lines below it; empty when there are no lines. */
export function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...indent(lines)];
}

/** Lines below a title, indented. */
export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
