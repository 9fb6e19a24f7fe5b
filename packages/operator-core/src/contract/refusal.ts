import type { JsonObject } from '../json/json.ts';
import type { Remedy } from './remedy.ts';

/** Reason for which a plan cannot be made or applied. */
export interface Refusal {
  /** A code of the plugin's closed list (`SubjectPlugin.refusals`), SCREAMING_SNAKE. */
  readonly code: string;
  /** One sentence: what stands in the way. */
  readonly message: string;
  /** Readings that show it. */
  readonly facts: JsonObject;
  /** One sentence: what the caller can do about it. With `advise` it names operations as data. */
  readonly remedy: string | Remedy;
}
