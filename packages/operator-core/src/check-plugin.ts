import * as z from 'zod';
import { describeActions, describeObservations } from './describe.ts';
import { UNITS } from './fact.ts';
import { OperatorError } from './operator-error.ts';
import { RISK_LEVELS } from './risk-level.ts';
import { schemaIssues } from './schema-issues.ts';
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
  hints: z
    .looseObject({ idempotent: z.boolean().optional(), destructive: z.boolean().optional() })
    .optional(),
  parameters: schema,
  plan: callable,
  verify: callable,
  execute: callable.optional(),
  cancel: callable.optional(),
});

const observation = z.looseObject({
  name: z.string(),
  description: z.string(),
  parameters: schema,
  view: z
    .looseObject({
      rows: z.string().optional(),
      columns: z.array(
        z.looseObject({ key: z.string(), title: z.string(), unit: z.enum(UNITS).optional() }),
      ),
    })
    .optional(),
  read: callable,
});

const plugin = z.looseObject({
  kind: z.literal(PLUGIN_KIND),
  contract: z.string(),
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u, 'must be kebab-case'),
  description: z.string().min(1),
  config: schema,
  refusals: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/u), z.string().min(1)),
  observations: z.array(observation),
  actions: z.array(action),
  reads: z
    .array(z.strictObject({ method: z.literal('POST'), path: z.string().startsWith('/') }))
    .optional(),
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

function isStandardSchema(value: unknown): boolean {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isHolder || !('~standard' in value)) return false;
  const standard = z.looseObject({
    version: z.literal(1),
    validate: callable,
    jsonSchema: z.looseObject({ input: callable }),
  });
  return standard.safeParse(value['~standard']).success;
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
