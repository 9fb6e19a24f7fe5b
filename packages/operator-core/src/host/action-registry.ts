import type { ActionDefinition } from '../contract/action-definition.ts';
import { duplicateIssues, isDescription, namedIssues } from './describe.ts';
import { invalidPlugin } from './invalid-plugin.ts';

/** Anything that lists its actions: a subject, a plugin, a remote system. */
export interface ActionSource {
  getActionDefinitions(): readonly ActionDefinition[];
}

/**
 * The actions of one source, by name. Asks the source once, on first use, and refuses with
 * `PLUGIN_INVALID`, naming them all: names used twice, actions and parameters without a description,
 * schemas that cannot be described.
 */
export class ActionRegistry {
  readonly #source: ActionSource;
  #definitions: ReadonlyMap<string, ActionDefinition> | null = null;

  constructor(source: ActionSource) {
    this.#source = source;
  }

  /** All definitions, in the source's order. */
  getDefinitions(): readonly ActionDefinition[] {
    return [...this.#read().values()];
  }

  /** The definition of `name`, or `undefined` when there is no such action. */
  getDefinition(name: string): ActionDefinition | undefined {
    return this.#read().get(name);
  }

  /** All names, in the source's order. */
  listActionNames(): readonly string[] {
    return [...this.#read().keys()];
  }

  /** Forgets the definitions: the next call asks the source again. */
  clearCache(): void {
    this.#definitions = null;
  }

  #read(): ReadonlyMap<string, ActionDefinition> {
    if (this.#definitions === null) {
      const definitions = this.#source.getActionDefinitions();
      const issues = [...definitions.flatMap(issuesOf), ...duplicateIssues('action', definitions)];
      if (issues.length > 0) throw invalidPlugin(issues);
      this.#definitions = new Map(
        definitions.map((definition) => [definition.name, definition] as const),
      );
    }
    return this.#definitions;
  }
}

/** A source need not be ours, nor written in TypeScript: nothing of its shape is taken for granted. */
interface Listed {
  readonly name: string;
  readonly description: unknown;
  readonly parameters?: Readonly<Record<string, { readonly description?: unknown } | null>>;
  readonly parametersSchema?: { readonly type?: unknown };
}

function issuesOf(definition: Listed): readonly string[] {
  const { name, parameters = {}, parametersSchema } = definition;
  const undescribed = Object.entries(parameters)
    .filter(([, parameter]) => !isDescription(parameter?.description))
    .map(([parameter]) => `action ${name}: parameter ${parameter} has no description`);
  // A source that only knows ParamDefs has no schema; one that has a schema has one of an object.
  const schema =
    parametersSchema === undefined || parametersSchema.type === 'object'
      ? []
      : [`action ${name}: the schema is not one of an object`];
  return [...namedIssues('action', definition), ...undescribed, ...schema];
}
