import type { Action } from './action.ts';
import { FIRST_CONTRACT_VERSION } from './contract-version.ts';
import { expandLook } from './look-action.ts';
import type { LookAction } from './look-action.ts';
import type { Observation } from './observation.ts';
import type { AnyParametersSchema } from './parameters-schema.ts';
import type { Subject } from './subject.ts';
import { PLUGIN_KIND } from './subject-plugin.ts';
import type { SubjectPlugin, SubjectPluginSpec } from './subject-plugin.ts';

/** Definer of actions on a subject: in long form, with `plan` and `verify`, or in short form, with `look` and `plan`. */
export interface ActionDefiner<S> {
  <Schema extends AnyParametersSchema>(action: Action<Schema, S>): Action<Schema, S>;
  <Schema extends AnyParametersSchema, Seen>(
    action: LookAction<Schema, S, Seen>,
  ): Action<Schema, S>;
}

/** Defines an action whose parameters are inferred from its schema. For a subject of one's own see {@link forSubject}. */
export const defineAction: ActionDefiner<Subject> = freezeAction;

function freezeAction<Schema extends AnyParametersSchema, S, Seen>(
  action: LookAction<Schema, S, Seen> | Action<Schema, S>,
): Action<Schema, S> {
  return Object.freeze('look' in action ? expandLook(action) : action);
}

/** Defines an observation whose parameters are inferred from its schema. */
export function defineObservation<Schema extends AnyParametersSchema>(
  observation: Observation<Schema>,
): Observation<Schema> {
  return Object.freeze(observation);
}

/** The two definers with the type of subject fixed once, so that every action infers the rest. */
export interface SubjectDefiners<S> {
  readonly defineAction: ActionDefiner<S>;
  readonly defineObservation: <Schema extends AnyParametersSchema>(
    observation: Observation<Schema, S>,
  ) => Observation<Schema, S>;
}

/** `const { defineAction, defineObservation } = forSubject<MySubject>()`. */
export function forSubject<S>(): SubjectDefiners<S> {
  return {
    defineAction: freezeAction,
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
