import type { JsonObject } from '../json/json.ts';
import type { Remedy } from './remedy.ts';

/** The result of one check of a subject. */
export interface Diagnosis {
  /** Name of the check: `endpoint http://127.0.0.1:8080`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  /** Finding, one sentence. */
  readonly message: string;
  /** Readings that show it: what each endpoint said, for instance. */
  readonly facts?: JsonObject;
  /** Next step for a person. With `advise` it names operations as data. Left out when it is ok. */
  readonly remedy?: string | Remedy;
  /** True when it means that the system answers nothing else, so that no host need ask further. Default: unknown. */
  readonly isUnreachable?: true;
}
