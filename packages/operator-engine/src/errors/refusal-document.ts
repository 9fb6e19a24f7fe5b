import { toRemedy } from 'operator-core';
import type { JsonObject, NextOperation, Refusal } from 'operator-core';

/** A refusal as plain JSON, its remedy in the same two members as that of an error. */
export interface RefusalDocument extends JsonObject {
  readonly code: string;
  readonly message: string;
  readonly facts: JsonObject;
  readonly remedy: string;
  readonly next: readonly NextOperation[];
}

/** See {@link RefusalDocument}. */
export function toRefusalDocument({ code, message, facts, remedy }: Refusal): RefusalDocument {
  const { text, next } = toRemedy(remedy);
  return { code, message, facts, remedy: text, next };
}
