import type { Diagnosis } from 'operator-core';

/** One thing that the doctor looked at. */
export interface Finding extends Diagnosis {
  /** The subject, or `null` for the configuration itself. */
  readonly subject: string | null;
}
