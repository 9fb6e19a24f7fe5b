import { isJsonObject, nearestNames } from 'operator-core';
import type { JsonValue } from 'operator-core';
import type * as z from 'zod/mini';
import type { ConfigDocument } from '../config/config-document.ts';
import type { ConfigIssue, ConfigPath } from '../config/config-issue.ts';
import { locate } from '../config/config-schema.ts';
import { listPolicyKeys } from './policy-schema.ts';
import type { PolicyContent } from './policy-schema.ts';

/** Issues of a schema, each with its position in the file. */
export function toPolicyIssues(
  issue: z.core.$ZodIssue,
  document: ConfigDocument,
): readonly ConfigIssue[] {
  const parts = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const path = asWritten(document, parts);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => locate(document, [...path, key], describeUnknownKey(key)));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => locate(document, path, message));
  }
  if (document.value === null) return [locate(document, [], 'the file is empty: it needs `rules`')];
  if (isMissing(document, path)) return [locate(document, path, 'is missing')];
  return [locate(document, existing(document, path), issue.message)];
}

/** Mistakes between parts of the file: names that occur twice, or refer to nothing. */
export function crossIssues(
  content: PolicyContent,
  document: ConfigDocument,
): readonly ConfigIssue[] {
  const { rules, risk } = content;
  const places = [
    ...rules.map(({ id }, index) => ({ id, path: ['rules', index, 'id'] })),
    ...risk.map(({ id }, index) => ({ id, path: ['risk', index, 'id'] })),
  ];
  const ids = places.map(({ id }) => id);
  const repeated = places
    .filter(({ id }, index) => ids.indexOf(id) < index)
    .map(({ id, path }) => locate(document, path, `another rule is called ${id}`));
  return [...repeated, ...testIssues(content, document)];
}

function testIssues(content: PolicyContent, document: ConfigDocument): readonly ConfigIssue[] {
  const { rules, risk, tests } = content;
  const names = rules.map(({ id }) => id);
  const looksAtTime = [...rules, ...risk].some(({ when }) => isTimed(when));
  return tests.flatMap(({ at, expect }, index) => {
    const path = ['tests', index];
    const lacksTime = looksAtTime && at === undefined;
    const timeless = 'needs `at`: there are rules that look at the time';
    const wanted = (expect.rules ?? []).map((id, place) => ({ id, place }));
    const unknown = wanted.filter(({ id }) => !names.includes(id));
    return [
      ...(lacksTime ? [locate(document, path, timeless)] : []),
      ...unknown.map(({ id, place }) =>
        locate(document, [...path, 'expect', 'rules', place], describeUnknownRule(id, names)),
      ),
    ];
  });
}

function isTimed(when: { during?: unknown; outside?: unknown }): boolean {
  return when.during !== undefined || when.outside !== undefined;
}

function describeUnknownRule(id: string, names: readonly string[]): string {
  const [nearest] = nearestNames(id, names);
  return `there is no rule ${id}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

function describeUnknownKey(key: string): string {
  const [nearest] = nearestNames(key, listPolicyKeys());
  const guess = nearest === undefined || nearest === key ? '' : `; did you mean ${nearest}?`;
  return `unknown key${guess}`;
}

/** True when the file lacks a key in an object that it has. */
function isMissing(document: ConfigDocument, path: ConfigPath): boolean {
  const key = path.at(-1);
  if (typeof key !== 'string') return false;
  const holder = valueAt(document.value, path.slice(0, -1));
  return isJsonObject(holder) && !Object.hasOwn(holder, key);
}

/** A path in the file, where a single value may stand for a list of one. */
function asWritten(document: ConfigDocument, path: ConfigPath): ConfigPath {
  const written: (string | number)[] = [];
  for (const part of path) {
    const isOnlyOne = part === 0 && !Array.isArray(valueAt(document.value, written));
    if (!isOnlyOne) written.push(part);
  }
  return written;
}

/** The part of a path that exists in the file. */
function existing(document: ConfigDocument, path: ConfigPath): ConfigPath {
  const length = path.findIndex((_, index) => !document.has(path.slice(0, index + 1)));
  return length < 0 ? path : path.slice(0, length);
}

function valueAt(value: JsonValue, path: ConfigPath): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const part of path) {
    if (typeof part === 'number') found = Array.isArray(found) ? found[part] : undefined;
    else found = isJsonObject(found) && Object.hasOwn(found, part) ? found[part] : undefined;
  }
  return found;
}
