import { nearestNames } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import * as z from 'zod/mini';
import { formatPath } from './config-issue.ts';
import type { ConfigIssue, ConfigPath } from './config-issue.ts';
import type { ConfigDocument } from './config-document.ts';

const SUBJECT_NAME = /^[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*$/u;
const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:\/[\w.-]+)*$/u;
const FILE = /^(?:\.\.?\/|\/|file:\/\/)/u;

/** True when a subject can have this name. */
export function isSubjectName(name: string): boolean {
  return SUBJECT_NAME.test(name);
}

/** Rule of {@link isPluginSpecifier}, as a phrase. */
export const PLUGIN_SPECIFIER_RULE =
  'must be the name of a package, or a path that begins with ./, ../ or /';

/** True when `text` names a package or a file; everything else, URLs of the network too, is refused. */
export function isPluginSpecifier(text: string): boolean {
  return FILE.test(text) || PACKAGE_NAME.test(text);
}

const subjectSchema = z.strictObject({
  plugin: z
    .string()
    .check(
      z.refine((text) => text.includes('${') || isPluginSpecifier(text), PLUGIN_SPECIFIER_RULE),
    ),
  config: z.optional(z.record(z.string(), z.unknown())),
});

const filePath = z.string().check(z.minLength(1));

const configSchema = z.strictObject({
  policy: z.exactOptional(filePath),
  // Its keys name drivers: `checkLedger` looks at them.
  ledger: z.exactOptional(z.record(z.string(), z.unknown())),
  subjects: z
    .record(
      z.string().check(z.regex(SUBJECT_NAME, 'a subject is named by letters, digits, - and _')),
      subjectSchema,
    )
    .check(
      z.refine((subjects) => Object.keys(subjects).length > 0, 'must name at least one subject'),
    ),
});

const KNOWN_KEYS: Readonly<Record<number, readonly string[]>> = {
  0: Object.keys(configSchema.shape),
  2: Object.keys(subjectSchema.shape),
};

/** Every way in which the document is not a configuration. What the plugins want is looked at later. */
export function checkConfig(document: ConfigDocument): readonly ConfigIssue[] {
  const result = configSchema.safeParse(document.value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => toIssues(issue, document));
}

function toIssues(issue: z.core.$ZodIssue, document: ConfigDocument): readonly ConfigIssue[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => locate(document, [...path, key], unknownKey(key, path.length)));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => locate(document, path, message));
  }
  const isMissing = path.length > 0 && !document.has(path);
  const isEmpty = path.length === 0 && document.value === null;
  if (isEmpty) return [locate(document, path, 'the file is empty: it needs `subjects`')];
  return [locate(document, path, isMissing ? 'is missing' : issue.message)];
}

function unknownKey(key: string, depth: number): string {
  const [nearest] = nearestNames(key, KNOWN_KEYS[depth] ?? []);
  return nearest === undefined ? 'unknown key' : `unknown key; did you mean ${nearest}?`;
}

/** An issue at a path, with the place where that path stands. */
export function locate(document: ConfigDocument, path: ConfigPath, message: string): ConfigIssue {
  return { path: formatPath(path), message, ...document.positionOf(path) };
}

/** The subjects of a document that {@link checkConfig} found nothing wrong with. */
export function subjectsOf(
  value: JsonValue,
): Readonly<Record<string, { plugin: string; config: JsonObject }>> {
  const subjects = Object.entries(configSchema.parse(value).subjects);
  return Object.fromEntries(
    // The document holds nothing but JSON; zod only says unknown.
    subjects.map(([name, { plugin, config }]) => [
      name,
      { plugin, config: (config ?? {}) as JsonObject },
    ]),
  );
}
