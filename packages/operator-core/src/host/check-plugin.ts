import { describeActions, describeObservations, isDescription } from './describe.ts';
import { UNITS } from '../contract/fact.ts';
import { OperatorError } from '../contract/operator-error.ts';
import { RISK_LEVELS } from '../contract/risk-level.ts';
import { isPattern } from '../json/is-pattern.ts';
import { isJsonObject, isJsonValue } from '../json/json.ts';
import { listOf, members, must, optional, tableOf, WHOLE } from '../json/shape.ts';
import type { Check } from '../json/shape.ts';
import { PLUGIN_KIND } from '../contract/subject-plugin.ts';
import type { SubjectPlugin } from '../contract/subject-plugin.ts';

const text = must('must be a text', (value) => typeof value === 'string');
const words = must('must be a text that is not empty', isDescription);
const flag = must('must be true or false', (value) => typeof value === 'boolean');
const callable = must('must be a function', (value) => typeof value === 'function');
const schema = must('must be a schema that validates and describes itself', isStandardSchema);
const path = must(
  'must be a path that begins with /, or a pattern that is a regular expression',
  isDeclaredPath,
);
const pluginName = must(
  'must be kebab-case',
  (value) => typeof value === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u.test(value),
);

const version = must(
  'must be a version like 3.4',
  (value) => typeof value === 'string' && /^\d+(\.\d+)*$/u.test(value),
);

const action = members({
  name: text,
  description: text,
  riskLevel: oneOf(RISK_LEVELS),
  requiresApproval: flag,
  hints: optional(members({ idempotent: optional(flag), destructive: optional(flag) })),
  parameters: schema,
  plan: callable,
  verify: callable,
  execute: optional(callable),
  cancel: optional(callable),
});

const column = members({ key: text, title: text, unit: optional(oneOf(UNITS)) });

const observation = members({
  name: text,
  description: text,
  parameters: schema,
  result: optional(must('must be a schema that validates and describes itself', isResultSchema)),
  view: optional(
    members({
      rows: optional(text),
      columns: listOf(column),
      complete: optional(text),
      below: optional(
        listOf(members({ title: text, rows: optional(text), columns: listOf(column) })),
      ),
    }),
  ),
  pages: optional(members({ rows: text, next: text, cursor: text, limit: text })),
  read: callable,
});

const httpRead = members({
  method: oneOf(['POST', 'PUT', 'PATCH']),
  path,
  body: optional(must('must be { equals: JSON } or { has: an object }', isDeclaredBody)),
});
const httpWrite = members({ method: oneOf(['GET']), path });
const statementReads = members({ protocol: pluginName, names: listOf(words) });

/** A read by HTTP, or statements that only read. */
function read(value: unknown, at: string): readonly string[] {
  const isStatement = isJsonObject(value) && 'protocol' in value;
  return (isStatement ? statementReads : httpRead)(value, at);
}

const plugin = members({
  kind: oneOf([PLUGIN_KIND]),
  contract: text,
  name: pluginName,
  description: words,
  config: schema,
  refusals: tableOf(/^[A-Z][A-Z0-9_]*$/u, 'must be in CAPITALS', words),
  observations: listOf(observation),
  actions: listOf(action),
  reads: optional(listOf(read)),
  writes: optional(listOf(httpWrite)),
  supports: optional(members({ atLeast: optional(version), below: optional(version) })),
  impacts: optional(
    tableOf(/\S/u, 'must be a name', members({ unit: oneOf(UNITS), description: words })),
  ),
  resourceKinds: optional(tableOf(/^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/u, 'must be a kind', words)),
  policies: optional(listOf(members({ name: pluginName, description: words, text: words }))),
  guard: optional(oneOf(['none'])),
  connect: callable,
});

/** The contract version stamped on a value, or `null` when it is not a plugin at all. Never throws. */
export function readContractVersion(candidate: unknown): string | null {
  try {
    if (!isJsonObject(candidate) || candidate['kind'] !== PLUGIN_KIND) return null;
    const { contract } = candidate;
    return typeof contract === 'string' ? contract : null;
  } catch {
    return null;
  }
}

/**
 * Everything that is wrong with the shape of a plugin, as sentences; empty when it can be used.
 * Look at {@link readContractVersion} first: a plugin for another contract may rightly look different.
 * Never throws.
 */
export function checkPlugin(candidate: unknown): readonly string[] {
  try {
    return issuesOfShape(candidate);
  } catch {
    return ['the plugin: its members cannot be read'];
  }
}

function issuesOfShape(candidate: unknown): readonly string[] {
  const issues = plugin(candidate, WHOLE);
  if (!isPlugin(candidate, issues)) return issues;
  const { actions, observations } = candidate;
  return [
    ...issuesOf(() => describeActions(actions)),
    ...issuesOf(() => describeObservations(observations)),
  ];
}

/** True when the check of its shape has found no issues. */
function isPlugin(_candidate: unknown, issues: readonly string[]): _candidate is SubjectPlugin {
  return issues.length === 0;
}

function oneOf(allowed: readonly string[]): Check {
  return must(`must be ${allowed.join(' or ')}`, (value) => allowed.some((one) => one === value));
}

function isDeclaredPath(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('/');
  if (!isJsonObject(value) || Object.keys(value).join() !== 'pattern') return false;
  const { pattern } = value;
  return typeof pattern === 'string' && isPattern(pattern);
}

function isDeclaredBody(value: unknown): boolean {
  if (!isJsonObject(value) || !isJsonValue(value)) return false;
  const [name = '', ...others] = Object.keys(value);
  if (others.length > 0) return false;
  return name === 'equals' || (name === 'has' && isJsonObject(value['has']));
}

function isStandardSchema(value: unknown): boolean {
  const hasMembers = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!hasMembers || !('~standard' in value)) return false;
  const standard = value['~standard'];
  if (!isJsonObject(standard) || standard['version'] !== 1) return false;
  const { validate, jsonSchema } = standard;
  return (
    typeof validate === 'function' &&
    isJsonObject(jsonSchema) &&
    typeof jsonSchema['input'] === 'function'
  );
}

function isResultSchema(value: unknown): boolean {
  if (!isStandardSchema(value) || !isJsonObject(value)) return false;
  const standard = value['~standard'];
  const jsonSchema = isJsonObject(standard) ? standard['jsonSchema'] : undefined;
  return isJsonObject(jsonSchema) && typeof jsonSchema['output'] === 'function';
}

function issuesOf(describe: () => unknown): readonly string[] {
  try {
    describe();
    return [];
  } catch (error) {
    const issues = OperatorError.isInstance(error) ? error.facts['issues'] : undefined;
    return Array.isArray(issues) ? issues.map(String) : [String(error)];
  }
}
