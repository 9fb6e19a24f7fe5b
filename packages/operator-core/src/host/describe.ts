import type { Action } from '../contract/action.ts';
import type { ActionDefinition } from '../contract/action-definition.ts';
import { describeParameters, describeResult } from './describe-parameters.ts';
import { invalidPlugin } from './invalid-plugin.ts';
import type { Observation } from '../contract/observation.ts';
import type { ObservationDefinition } from '../contract/observation-definition.ts';
import type { Paging } from '../contract/paging.ts';
import type { AnyParametersSchema } from '../contract/parameters-schema.ts';
import { isSnakeCase } from '../json/snake-case.ts';

/**
 * Actions as plain JSON, in their order. Throws `PLUGIN_INVALID` naming everything that cannot be
 * described: schemas, missing descriptions, bad names, names used twice.
 */
export function describeActions<S>(
  actions: readonly Action<AnyParametersSchema, S>[],
): readonly ActionDefinition[] {
  return definitionsOf(
    'action',
    actions.map((action) => describeAction(action)),
  );
}

/** Observations as plain JSON, in their order. Throws `PLUGIN_INVALID` naming everything that cannot be described. */
export function describeObservations<S>(
  observations: readonly Observation<AnyParametersSchema, S>[],
): readonly ObservationDefinition[] {
  return definitionsOf(
    'observation',
    observations.map((observation) => describeObservation(observation)),
  );
}

/** Problems of the name and description of something that a plugin lists. */
export function namedIssues(
  what: string,
  named: { readonly name: unknown; readonly description: unknown },
): string[] {
  const name = String(named.name);
  const issues: string[] = [];
  if (!isSnakeCase(name)) {
    issues.push(`${what} ${name}: its name is not snake_case`);
  }
  if (!isDescription(named.description)) issues.push(`${what} ${name}: has no description`);
  return issues;
}

/** True when `value` is a text that says something. */
export function isDescription(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** One sentence for each name that stands more than once. */
export function duplicateIssues(what: string, named: readonly { name: string }[]): string[] {
  const names = named.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `${what} ${name}: its name is used more than once`);
}

interface Described<Definition> {
  readonly definition: Definition;
  readonly issues: readonly string[];
}

function definitionsOf<Definition extends { readonly name: string }>(
  what: string,
  described: readonly Described<Definition>[],
): readonly Definition[] {
  const definitions = described.map(({ definition }) => Object.freeze(definition));
  const issues = [...described.flatMap((one) => one.issues), ...duplicateIssues(what, definitions)];
  if (issues.length > 0) throw invalidPlugin(issues);
  return Object.freeze(definitions);
}

function describeAction<S>(action: Action<AnyParametersSchema, S>): Described<ActionDefinition> {
  const { definition, issues } = describeNamed('action', action);
  const { riskLevel, requiresApproval, hints } = action;
  return {
    definition: {
      ...definition,
      riskLevel,
      requiresApproval,
      hints: {
        idempotent: hints?.idempotent ?? false,
        destructive: hints?.destructive ?? true,
      },
    },
    issues,
  };
}

function describeObservation<S>(
  observation: Observation<AnyParametersSchema, S>,
): Described<ObservationDefinition> {
  const { definition, issues } = describeNamed('observation', observation);
  const { view, result, pages } = observation;
  const described = result === undefined ? null : describeResult(result);
  const problem = typeof described === 'string' ? described : null;
  return {
    definition: {
      ...definition,
      ...(described === null || typeof described === 'string' ? {} : { resultSchema: described }),
      ...(pages === undefined ? {} : { pages }),
      ...(view === undefined ? {} : { view }),
    },
    issues: [
      ...issues,
      ...(problem === null ? [] : [`observation ${observation.name}: its result: ${problem}`]),
      ...pagingIssues(definition, pages),
    ],
  };
}

/** Mistakes in the names that a paging gives: they are optional parameters of the right type. */
function pagingIssues(
  { name, parameters }: NamedDefinition,
  pages: Paging | undefined,
): readonly string[] {
  if (pages === undefined) return [];
  const wanted = [
    ['cursor', pages.cursor, 'string'],
    ['limit', pages.limit, 'integer'],
  ] as const;
  return wanted.flatMap(([role, parameter, type]) => {
    const found = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    if (found?.type === type && !found.required) return [];
    return [
      `observation ${name}: its pages: ${role} must name an optional parameter of type ${type}`,
    ];
  });
}

type NamedDefinition = Pick<
  ActionDefinition,
  'name' | 'description' | 'parameters' | 'parametersSchema'
>;

/** Members that actions and observations share. */
function describeNamed(
  what: string,
  named: Pick<Action, 'name' | 'description' | 'parameters'>,
): Described<NamedDefinition> {
  const { name, description } = named;
  const { parameters, schema, issues } = describeParameters(named.parameters);
  return {
    definition: { name, description, parameters, parametersSchema: schema },
    issues: [...namedIssues(what, named), ...issues.map((issue) => `${what} ${name}: ${issue}`)],
  };
}
