/** What sort of actor stands behind a call. */
export const ACTOR_KINDS = ['person', 'program', 'agent', 'runner'] as const;

/**
 * Who acts. The identity comes from the environment in which it is spoken (the operating system's
 * user, later a token), never from an argument of the call.
 */
export interface Actor {
  readonly kind: (typeof ACTOR_KINDS)[number];
  readonly name: string;
}

/** A process that carries out runs. */
export interface Runner {
  /** Unique for the life of the process: never used again. */
  readonly id: string;
  /** Who started the process; what it does is written down under this name. */
  readonly actor: Actor;
  /** `watch` stays and ends leases; `command` is gone when its one run is over. */
  readonly role: 'watch' | 'command';
}
