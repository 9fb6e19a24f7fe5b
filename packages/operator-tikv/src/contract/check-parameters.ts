import { validateParameters } from 'operator-core';
import type { AnyParametersSchema, InferParameters } from 'operator-core';
import { invalidParameters } from '../errors/tikv-errors.ts';

/** The values by a schema, or `TIKV_PARAMETERS_INVALID` with everything that is wrong with them. */
export async function checkParameters<Schema extends AnyParametersSchema>(
  method: string,
  schema: Schema,
  values: unknown,
): Promise<InferParameters<Schema>> {
  const result = await validateParameters(schema, values);
  if (!result.ok) throw invalidParameters(method, result.issues);
  return result.value;
}
