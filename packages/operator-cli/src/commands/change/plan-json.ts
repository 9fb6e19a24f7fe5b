import type { JsonObject } from 'operator-core';

/** The plan as a fact of an error, so that a program can show it to a person. */
export function toPlanJson(plan: object): JsonObject {
  return { ...plan };
}
