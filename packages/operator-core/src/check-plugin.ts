import * as z from 'zod/mini';
import './zod-words.ts';
import { describeActions, describeObservations } from './describe.ts';
import { UNITS } from './fact.ts';
import { OperatorError } from './operator-error.ts';
import { RISK_LEVELS } from './risk-level.ts';
import { schemaIssues } from './schema-issues.ts';
import type { AnyParametersSchema } from './parameters-schema.ts';
import { PLUGIN_KIND } from './subject-plugin.ts';
import type { SubjectPlugin } from './subject-plugin.ts';

const callable = z.custom<() => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);
const schema = z.custom<object>(
  isStandardSchema,
  'must be a schema that validates and describes itself',
);

const action = z.looseObject({
  name: z.string(),
  description: z.string(),
  riskLevel: z.enum(RISK_LEVELS),
  requiresApproval: z.boolean(),
  hints: z.optional(
    z.looseObject({
      idempotent: z.optional(z.boolean()),
      destructive: z.optional(z.boolean()),
    }),
  ),
  parameters: schema,
  plan: callable,
  verify: callable,
  execute: z.optional(callable),
  cancel: z.optional(callable),
});

const observation = z.looseObject({
  name: z.string(),
  description: z.string(),
  parameters: schema,
  view: z.optional(
    z.looseObject({
      rows: z.optional(z.string()),
      columns: z.array(
        z.looseObject({ key: z.string(), title: z.string(), unit: z.optional(z.enum(UNITS)) }),
      ),
    }),
  ),
  read: callable,
});

const plugin = z.looseObject({
  kind: z.literal(PLUGIN_KIND),
  contract: z.string(),
  name: z.string().check(z.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u, 'must be kebab-case')),
  description: z.string().check(z.minLength(1)),
  config: schema,
  refusals: z.record(
    z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/u)),
    z.string().check(z.minLength(1)),
  ),
  observations: z.array(observation),
  actions: z.array(action),
  reads: z.optional(
    z.array(
      z.strictObject({ method: z.literal('POST'), path: z.string().check(z.startsWith('/')) }),
    ),
  ),
  connect: callable,
});

const stamped = z.looseObject({ kind: z.literal(PLUGIN_KIND), contract: z.string() });

/** The contract version stamped on a value, or `null` when it is not a plugin at all. Never throws. */
export function readContractVersion(candidate: unknown): string | null {
  try {
    const result = stamped.safeParse(candidate);
    return result.success ? result.data.contract : null;
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
  const result = plugin.safeParse(candidate);
  if (!result.success) return schemaIssues(result.error, 'the plugin');
  // Its shape has just been checked.
  const { actions, observations } = candidate as SubjectPlugin;
  return [
    ...issuesOf(() => describeActions(actions)),
    ...issuesOf(() => describeObservations(observations)),
  ];
}

// By hand, because it runs for every schema of a plugin at every start of a program.
function isStandardSchema(value: unknown): boolean {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isHolder || !('~standard' in value)) return false;
  const standard = value['~standard'] as Partial<AnyParametersSchema['~standard']> | null;
  return (
    standard?.version === 1 &&
    typeof standard.validate === 'function' &&
    typeof standard.jsonSchema?.input === 'function'
  );
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
