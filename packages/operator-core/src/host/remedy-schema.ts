import * as z from 'zod/mini';
import type { NextOperation, Remedy } from '../contract/remedy.ts';
import { isJsonObject, isJsonValue } from '../json/json.ts';

const text = () => z.string().check(z.minLength(1));

/** Schema of a remedy as plugins and ledgers give it. */
export const createRemedySchema = (): z.ZodMiniType<string | Remedy> =>
  z.union([text(), z.strictObject({ text: text(), next: createNextSchema() })]);

/** Schema of the operations of a remedy. */
export const createNextSchema = (): z.ZodMiniType<readonly NextOperation[]> =>
  z.array(z.custom<NextOperation>(isNextOperation, 'must be an operation with its parameters'));

/** True for plain JSON that names an operation. */
function isNextOperation(value: unknown): value is NextOperation {
  return isJsonObject(value) && isJsonValue(value) && typeof value['operation'] === 'string';
}
