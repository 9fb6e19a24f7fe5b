import { OperatorError } from 'operator-core';
import type { OperatorErrorOptions } from 'operator-core';
import { ENGINE_ERROR_CODES } from './error-codes.ts';
import type { EngineErrorCode } from './error-codes.ts';

/** Makes an error of the engine; its kind stands in the table of codes. */
export function createEngineError(
  code: EngineErrorCode,
  options: Omit<OperatorErrorOptions, 'code' | 'kind'>,
): OperatorError {
  return new OperatorError({ code, kind: ENGINE_ERROR_CODES[code].kind, ...options });
}
