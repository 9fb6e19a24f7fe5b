import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue, OperatorErrorDocument } from 'operator-core';
import type { Look } from './output.ts';
import { printable, printableLine } from './printable.ts';
import { formatPairs } from './table.ts';
import { wrapText } from './text-width.ts';
import { formatValue } from './value.ts';

const WIDEST = 100;

/** What {@link formatError} shows. */
export interface ErrorView {
  /** What stands before the code: `Error`, `Refused`. */
  readonly heading: string;
  readonly error: OperatorErrorDocument;
  /** Facts that are shown elsewhere. */
  readonly hiddenFacts?: readonly string[];
}

/** An error in lines: the code, what failed, what was known, what to do. */
export function formatError(
  { heading, error, hiddenFacts = [] }: ErrorView,
  { style, width }: Look,
): readonly string[] {
  const facts = formatFacts(error, hiddenFacts);
  const lines = printable(error.message).split('\n');
  return [
    `${style.red(style.bold(`${heading}:`))} ${style.bold(printableLine(error.code))}`,
    ...lines.flatMap((line) => indent(line, width)),
    ...(facts.length === 0 ? [] : ['', ...facts.map((line) => `  ${style.dim(line)}`)]),
    '',
    ...printable(error.remedy)
      .split('\n')
      .flatMap((line) => indent(`${style.bold('What to do:')} ${line}`, width)),
    ...(error.retryable ? ['  The same command may succeed later without any change.'] : []),
  ];
}

/** Facts as `name  value` lines; values that are objects themselves are taken apart once. */
export function formatJsonFacts(facts: JsonObject): readonly string[] {
  return formatPairs(Object.entries(facts).flatMap(([name, value]) => toPairs(name, value)));
}

function formatFacts(error: OperatorErrorDocument, hidden: readonly string[]): readonly string[] {
  const shown = Object.entries(error.facts).filter(
    ([name, value]) => !hidden.includes(name) && !isSaid(value, error.message),
  );
  return formatJsonFacts(Object.fromEntries(shown));
}

function toPairs(name: string, value: JsonValue): readonly (readonly [string, string])[] {
  const line = printableLine(name);
  if (!isJsonObject(value) || Object.keys(value).length === 0 || 'unknown' in value) {
    return [[line, formatValue(value)]];
  }
  return Object.entries(value).map(([key, member]) => [
    `${line}.${printableLine(key)}`,
    formatValue(member),
  ]);
}

/** Lists of mistakes stand in the message already: showing them twice helps nobody. */
function isSaid(value: JsonValue, message: string): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item: JsonValue) => {
    const text = isJsonObject(item) ? item['message'] : item;
    return typeof text === 'string' && message.includes(text);
  });
}

function indent(text: string, width: number | null): readonly string[] {
  return wrapText(text, Math.min(width ?? WIDEST, WIDEST) - 2).map((line) => `  ${line}`);
}
