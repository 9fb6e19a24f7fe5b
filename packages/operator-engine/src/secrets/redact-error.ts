import { OperatorError } from 'operator-core';
import type { NextOperation } from 'operator-core';
import type { KnownSecrets } from './known-secrets.ts';
import { redact, redactWhole } from './redact.ts';

/** The same error without the secrets of the subject; as it is where none stands in it. */
export function redactError<Thrown>(error: Thrown, secrets: KnownSecrets): Thrown | OperatorError {
  if (!OperatorError.isInstance(error)) return error;
  const known = secrets.texts;
  const message = redactWhole(error.message, known);
  const given = OperatorError.remedyOf(error);
  const remedy = {
    text: redactWhole(given.text, known),
    next: given.next.map((one) => redactOperation(one, known)),
  };
  const facts = redact(error.facts, known);
  const isClean =
    JSON.stringify([message, remedy, facts]) ===
    JSON.stringify([error.message, given, error.facts]);
  if (isClean) return error;
  // The cause repeats what was taken out.
  return OperatorError.with(error, { message, remedy, facts, cause: undefined });
}

function redactOperation(one: NextOperation, known: readonly string[]): NextOperation {
  return { ...redact(one, known), operation: one.operation };
}
