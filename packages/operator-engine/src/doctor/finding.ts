import { OperatorError } from 'operator-core';
import type { Diagnosis } from 'operator-core';

/** Result of one check of what an engine works with. */
export interface Finding extends Diagnosis {
  /** The subject, or `null` for what all subjects share: configuration, policy and ledger. */
  readonly subject: string | null;
}

/** A finding about what all subjects share, before that is said. */
export type SharedFinding = Omit<Finding, 'subject'>;

/** The finding that a check failed by an error. Rethrows what is no error of Operator. */
export function toFailure(check: string, error: unknown): SharedFinding {
  if (!OperatorError.isInstance(error)) throw error;
  const { code, message } = error;
  const remedy = OperatorError.remedyOf(error);
  return { check, state: 'failed', message: `${code}: ${message}`, remedy };
}
