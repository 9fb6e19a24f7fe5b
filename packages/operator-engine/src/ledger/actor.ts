/** The kinds of actors. */
export const ACTOR_KINDS = ['person', 'program', 'agent', 'runner'] as const;

/**
 * An actor. Its identity comes from the environment (the operating system's user, or a token), never from
 * an argument of the call.
 */
export interface Actor {
  readonly kind: (typeof ACTOR_KINDS)[number];
  readonly name: string;
}

/** The user of the operating system that a process runs as, whose name the engine reads itself. */
export interface OsActor {
  /** `agent` and `program` may not consent to what they asked for; see `OPERATOR_ACTOR_KIND`. */
  readonly kind: Exclude<Actor['kind'], 'runner'>;
}

/** A process that carries out runs. */
export interface Runner {
  /** Unique for the life of the process: never used again. */
  readonly id: string;
  /** User that started the process; its actions are recorded under this name. */
  readonly actor: Actor;
  /** `watch` stays and ends leases; `command` is gone when its one run is over. */
  readonly role: 'watch' | 'command';
}
