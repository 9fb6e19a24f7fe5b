import { isJsonObject, isUnknown } from 'operator-core';
import type { JsonObject, JsonValue, OperatorErrorDocument } from 'operator-core';
import type { Look } from './output.ts';
import { formatRemedy } from './operation-words.ts';
import { printable, printableLine } from './printable.ts';
import { formatPairs } from './table.ts';
import { wrapText } from './text-width.ts';
import { formatValue } from './value.ts';
import { findRemedy } from './word-remedies.ts';

const WIDEST = 100;

/** Facts that the engine's sentences about a run contain already. */
const SAID_ANYWAY: readonly string[] = ['action', 'answerLost', 'requests'];

/** Input of {@link formatError}. */
export interface ErrorView {
  /** Heading before the code: `Error`, `Refused`. */
  readonly heading: string;
  readonly error: OperatorErrorDocument;
  /** True when the facts are shown too. When the message contains them all, they would only be noise. */
  readonly showsFacts: boolean;
}

/** An error in lines: code, message, facts and remedy. */
export function formatError(
  { heading, error, showsFacts }: ErrorView,
  { style, width }: Look,
): readonly string[] {
  const facts = showsFacts ? formatFacts(error) : [];
  const lines = printable(error.message).split('\n');
  return [
    `${style.red(style.bold(`${heading}:`))} ${style.bold(printableLine(error.code))}`,
    ...lines.flatMap((line) => indent(line, width)),
    ...(facts.length === 0 ? [] : ['', ...facts.map((line) => `  ${style.dim(line)}`)]),
    '',
    ...printable(formatRemedy({ text: error.remedy, next: error.next }))
      .split('\n')
      .flatMap((line) => indent(`${style.bold('What to do:')} ${line}`, width)),
    ...(error.retryable ? ['  The same command may succeed later without any change.'] : []),
  ];
}

/** Facts as `name  value` lines; values that are objects themselves are taken apart once. */
export function formatJsonFacts(facts: JsonObject): readonly string[] {
  return formatPairs(Object.entries(facts).flatMap(([name, value]) => toPairs(name, value)));
}

function formatFacts(error: OperatorErrorDocument): readonly string[] {
  const shown = Object.entries(error.facts).filter(
    ([name, value]) => !SAID_ANYWAY.includes(name) && !isSaid(value, error.message),
  );
  return formatJsonFacts(Object.fromEntries(shown));
}

function toPairs(name: string, value: JsonValue): readonly (readonly [string, string])[] {
  const line = printableLine(name);
  if (isJsonObject(value) && !isUnknown(value) && Object.keys(value).length > 0) {
    return Object.entries(toShown(value)).map(([key, member]) => [
      `${line}.${printableLine(key)}`,
      formatValue(member),
    ]);
  }
  if (!Array.isArray(value) || !value.some((item: JsonValue) => isJsonObject(item))) {
    return [[line, formatValue(value)]];
  }
  return value.map(
    (item: JsonValue, index) => [index === 0 ? line : '', formatItem(item)] as const,
  );
}

/** A refusal among the facts has a remedy, which is shown as a command line only. */
function toShown(value: JsonObject): JsonObject {
  const remedy = findRemedy(value);
  if (remedy === null) return value;
  const { next: _, ...shown } = value;
  return { ...shown, remedy: formatRemedy(remedy) };
}

/** Formats a change between plan and apply as a change, anything else as its members. */
function formatItem(item: JsonValue): string {
  if (!isJsonObject(item) || isUnknown(item)) return formatValue(item);
  const { fact, before, now } = item;
  if (typeof fact === 'string' && (before !== undefined || now !== undefined)) {
    return `${printableLine(fact)}: ${formatValue(before)} → ${formatValue(now)}`;
  }
  return Object.entries(item)
    .map(([key, member]) => `${printableLine(key)} ${formatValue(member)}`)
    .join(', ');
}

/** True when the message already contains the value. */
function isSaid(value: JsonValue, message: string): boolean {
  if (isJsonObject(value)) {
    const { summary } = value;
    return typeof summary === 'string' && message.includes(summary);
  }
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item: JsonValue) => {
    const text = isJsonObject(item) ? item['message'] : item;
    return typeof text === 'string' && message.includes(text);
  });
}

function indent(text: string, width: number | null): readonly string[] {
  // Without a terminal, programs search and cut the output: there a line stays a line.
  if (width === null) return [`  ${text}`];
  return wrapText(text, Math.min(width, WIDEST) - 2).map((line) => `  ${line}`);
}
