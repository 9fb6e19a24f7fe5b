import type { Action } from './action.ts';
import { FIRST_CONTRACT_VERSION } from './contract-version.ts';
import type { Observation } from './observation.ts';
import type { AnyParametersSchema } from './parameters-schema.ts';
import type { Subject } from './subject.ts';
import { PLUGIN_KIND } from './subject-plugin.ts';
import type { SubjectPlugin, SubjectPluginSpec } from './subject-plugin.ts';

/** Defines an action whose parameters are inferred from its schema. For a subject of one's own see {@link forSubject}. */
export function defineAction<Schema extends AnyParametersSchema>(
  action: Action<Schema>,
): Action<Schema> {
  return Object.freeze(action);
}

/** Defines an observation whose parameters are inferred from its schema. */
export function defineObservation<Schema extends AnyParametersSchema>(
  observation: Observation<Schema>,
): Observation<Schema> {
  return Object.freeze(observation);
}

/** The two definers with the type of subject fixed once, so that every action infers the rest. */
export interface SubjectDefiners<S> {
  readonly defineAction: <Schema extends AnyParametersSchema>(
    action: Action<Schema, S>,
  ) => Action<Schema, S>;
  readonly defineObservation: <Schema extends AnyParametersSchema>(
    observation: Observation<Schema, S>,
  ) => Observation<Schema, S>;
}

/** `const { defineAction, defineObservation } = forSubject<MySubject>()`. */
export function forSubject<S>(): SubjectDefiners<S> {
  return {
    defineAction: (action) => Object.freeze(action),
    defineObservation: (observation) => Object.freeze(observation),
  };
}

/** Defines a plugin and stamps it with its kind and with the contract for which it was written. */
export function definePlugin<ConfigSchema extends AnyParametersSchema, S extends Subject>(
  spec: SubjectPluginSpec<ConfigSchema, S>,
): SubjectPlugin<ConfigSchema, S> {
  const { contract = FIRST_CONTRACT_VERSION } = spec;
  return Object.freeze({ ...spec, kind: PLUGIN_KIND, contract });
}
