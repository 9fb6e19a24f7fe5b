/** The result of one check of `operator doctor`. */
export interface Diagnosis {
  /** What was checked: `endpoint http://127.0.0.1:8080`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  /** What was found, one sentence. */
  readonly message: string;
  /** What to do about it. Left out when it is ok. */
  readonly remedy?: string;
}
