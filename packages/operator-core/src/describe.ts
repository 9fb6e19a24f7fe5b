import type { Action } from './action.ts';
import type { ActionDefinition } from './action-definition.ts';
import { describeParameters } from './describe-parameters.ts';
import { invalidPlugin } from './invalid-plugin.ts';
import type { Observation } from './observation.ts';
import type { ObservationDefinition } from './observation-definition.ts';
import type { AnyParametersSchema } from './parameters-schema.ts';

/**
 * Actions as plain JSON, in their order. Throws `PLUGIN_INVALID` naming everything that cannot be
 * described: schemas, missing descriptions, bad names, names used twice.
 */
export function describeActions<S>(
  actions: readonly Action<AnyParametersSchema, S>[],
): readonly ActionDefinition[] {
  const described = actions.map((action) => describeAction(action));
  const issues = [...described.flatMap((one) => one.issues), ...duplicateIssues('action', actions)];
  if (issues.length > 0) throw invalidPlugin(issues);
  return Object.freeze(described.map(({ definition }) => Object.freeze(definition)));
}

/** Observations as plain JSON, in their order. Throws `PLUGIN_INVALID` naming everything that cannot be described. */
export function describeObservations<S>(
  observations: readonly Observation<AnyParametersSchema, S>[],
): readonly ObservationDefinition[] {
  const described = observations.map((observation) => describeObservation(observation));
  const issues = [
    ...described.flatMap((one) => one.issues),
    ...duplicateIssues('observation', observations),
  ];
  if (issues.length > 0) throw invalidPlugin(issues);
  return Object.freeze(described.map(({ definition }) => Object.freeze(definition)));
}

/** What is wrong with the name and description of something that a plugin lists. */
export function namedIssues(
  what: string,
  named: { readonly name: unknown; readonly description: unknown },
): string[] {
  const name = String(named.name);
  const issues: string[] = [];
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/u.test(name)) {
    issues.push(`${what} ${name}: its name is not snake_case`);
  }
  if (!isDescription(named.description)) issues.push(`${what} ${name}: has no description`);
  return issues;
}

/** Whether `value` is a text that says something. */
export function isDescription(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** One sentence for each name that stands more than once. */
export function duplicateIssues(what: string, named: readonly { name: string }[]): string[] {
  const names = named.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `${what} ${name}: its name is used more than once`);
}

function describeAction<S>(action: Action<AnyParametersSchema, S>): {
  definition: ActionDefinition;
  issues: readonly string[];
} {
  const { parameters, schema, issues } = describeParameters(action.parameters);
  const { name, description, riskLevel, requiresApproval, hints } = action;
  return {
    definition: {
      name,
      description,
      parameters,
      parametersSchema: schema,
      riskLevel,
      requiresApproval,
      hints: {
        idempotent: hints?.idempotent ?? false,
        destructive: hints?.destructive ?? true,
      },
    },
    issues: [
      ...namedIssues('action', action),
      ...issues.map((issue) => `action ${name}: ${issue}`),
    ],
  };
}

function describeObservation<S>(observation: Observation<AnyParametersSchema, S>): {
  definition: ObservationDefinition;
  issues: readonly string[];
} {
  const { parameters, schema, issues } = describeParameters(observation.parameters);
  const { name, description, view } = observation;
  return {
    definition: {
      name,
      description,
      parameters,
      parametersSchema: schema,
      ...(view === undefined ? {} : { view }),
    },
    issues: [
      ...namedIssues('observation', observation),
      ...issues.map((issue) => `observation ${name}: ${issue}`),
    ],
  };
}
