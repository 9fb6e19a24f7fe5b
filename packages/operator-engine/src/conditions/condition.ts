import type { JsonObject, Observation, View } from 'operator-core';

/** Comparisons of a condition. */
export const OPERATORS = ['!=', '<=', '>=', '=', '<', '>'] as const;

/** See {@link OPERATORS}. */
export type Operator = (typeof OPERATORS)[number];

/** Field that stands for the number of rows. */
export const ROW_COUNT = 'rows';

/** A condition as it was typed, in its parts. Nothing of it was compared with a plugin. */
export interface ConditionText {
  /** All of it, as it was typed. */
  readonly text: string;
  readonly observation: string;
  /** Parameters of the observation, as texts. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Selects rows by one of their fields; `null`: all rows. */
  readonly row: { readonly key: string; readonly value: string } | null;
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

/** A condition on the answer of an observation of the plugin. */
export interface Condition extends Omit<ConditionText, 'observation' | 'parameters'> {
  readonly observation: Observation;
  readonly parameters: JsonObject;
  readonly view: View;
}
