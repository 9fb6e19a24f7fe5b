import { isUnknown } from 'operator-core';
import type { Unit } from 'operator-core';
import type { Footnotes } from './footnotes.ts';
import { printableLine } from './printable.ts';
import { formatUnit } from './units.ts';

/** Options for showing a value. */
export interface ValueOptions {
  readonly unit?: Unit | undefined;
  /** Collects the reasons of unknown values. Without it each reason follows its value. */
  readonly footnotes?: Footnotes | undefined;
}

/**
 * Any JSON value as one line of text for people. A missing value is not zero, and an unknown one is marked.
 */
export function formatValue(value: unknown, options: ValueOptions = {}): string {
  if (value === undefined) return '–';
  if (value === null) return 'none';
  if (isUnknown(value)) return formatUnknown(value.unknown, options.footnotes);
  if (value === '') return '""';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' || typeof value === 'string') {
    const text = options.unit === undefined ? String(value) : formatUnit(value, options.unit);
    return printableLine(text);
  }
  if (Array.isArray(value)) return formatList(value, options);
  return printableLine(JSON.stringify(value));
}

function formatUnknown(reason: string, footnotes: Footnotes | undefined): string {
  const line = printableLine(reason);
  return footnotes === undefined ? `unknown (${line})` : `unknown ${footnotes.mark(line)}`;
}

function formatList(values: readonly unknown[], options: ValueOptions): string {
  if (values.length === 0) return 'none';
  return values.map((value) => formatValue(value, options)).join(', ');
}
