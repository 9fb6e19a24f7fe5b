/** Who a running system says it is: the proof that two connections reach the same one. */
export interface SystemIdentity {
  /** What kind of system, as the plugin calls it. */
  readonly kind: string;
  /** The system's own unique id, as text. */
  readonly id: string;
  /** The version it reports, as it writes it. Left out when it says none. */
  readonly version?: string;
}
