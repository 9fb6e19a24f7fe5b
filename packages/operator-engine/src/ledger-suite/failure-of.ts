import { OperatorError } from 'operator-core';

/** The error of `work`; throws when there is none. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<OperatorError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (OperatorError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('It was expected to fail, and did not.');
}
