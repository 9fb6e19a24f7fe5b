import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';

/**
 * A schema that validates (Standard Schema) and describes itself (Standard JSON Schema). zod 4.2 and
 * newer, ArkType and others are such schemas; no two packages need the same copy of any of them.
 */
export interface ParametersSchema<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output> &
    StandardJSONSchemaV1.Props<Input, Output>;
}

/** Any schema of parameters. */
export type AnyParametersSchema = ParametersSchema;

/** The validated value of a schema, defaults applied. */
export type InferParameters<Schema extends AnyParametersSchema> = NonNullable<
  Schema['~standard']['types']
>['output'];
