import type { Style } from './style.ts';

/** A title and what stands below it; nothing where there is nothing. */
export function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...indent(lines)];
}

/** Lines of what stands below something. */
export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
