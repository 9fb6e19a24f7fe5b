import type { JsonObject } from 'operator-core';

/** The plan as a fact of an error, so that a program can show it to somebody. */
export function toPlanJson(plan: object): JsonObject {
  // A plan is JSON by contract; only its interfaces have no index signature.
  return { ...plan } as JsonObject;
}
