import type { JsonObject, OperatorError } from 'operator-core';
import { createEngineError } from './engine-error.ts';

/** `INTERRUPTED` before anything was sent. */
export function createInterrupted(what: string, facts: JsonObject = {}): OperatorError {
  return createEngineError('INTERRUPTED', {
    message: `Interrupted while ${what}. Nothing was sent.`,
    remedy: 'Start again when you are ready.',
    facts,
  });
}
