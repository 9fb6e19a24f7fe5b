import type { JsonSchema, JsonValue } from '../json/json.ts';

/** The types a parameter can have for a caller; `object` also stands for unions and anything nested. */
export const PARAM_TYPES = ['integer', 'number', 'string', 'boolean', 'array', 'object'] as const;

/** See {@link PARAM_TYPES}. */
export type ParamType = (typeof PARAM_TYPES)[number];

/**
 * One parameter as plain JSON. It describes; the schema it was derived from stays the judge and may
 * refuse more than this can say.
 */
export interface ParamDef {
  readonly type: ParamType;
  /** One sentence for people and agents. Never empty. */
  readonly description: string;
  /** True when a caller must give it. */
  readonly required: boolean;
  /** The value that validation fills in when it is left out. */
  readonly default?: JsonValue;
  /** The only values allowed, in the schema's order. */
  readonly enum?: readonly JsonValue[];
  /** Smallest allowed number, inclusive. */
  readonly minimum?: number;
  /** Largest allowed number, inclusive. */
  readonly maximum?: number;
  /** Regular expression (ECMAScript, no flags) that a text must match. */
  readonly pattern?: string;
  /** The kind of thing it identifies, as the plugin calls it. Hosts use it for completion and policy. */
  readonly entity?: string;
  /** True when the value must never be shown or recorded. Default: false. */
  readonly secret?: boolean;
  /** The whole JSON Schema of the value, for `array` and `object`. */
  readonly schema?: JsonSchema;
}
