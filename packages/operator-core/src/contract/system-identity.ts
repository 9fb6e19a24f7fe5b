/** Identity that a running system reports: the proof that two connections reach the same one. */
export interface SystemIdentity {
  /** Kind of the system, in the words of the plugin. */
  readonly kind: string;
  /** The system's own unique id, as text. */
  readonly id: string;
  /** The version it reports, as it writes it. Left out when it says none. */
  readonly version?: string;
}
