/** The kinds of actors. */
export const ACTOR_KINDS = ['person', 'program', 'agent', 'runner'] as const;

/**
 * An actor. Its identity comes from the environment (the operating system's user, or a token), never from
 * an argument of the call.
 */
export interface Actor {
  readonly kind: (typeof ACTOR_KINDS)[number];
  readonly name: string;
  /**
   * Name of the person for whom an agent or a program acts, as the host says. Both count as one person for consents.
   * Left out: it acts for itself.
   */
  readonly onBehalfOf?: string;
}

/** True when two actors are, or act for, one person. */
export function isSamePerson(one: Actor, other: Actor): boolean {
  const names = [one.name, one.onBehalfOf];
  return names.some(
    (name) => name !== undefined && (name === other.name || name === other.onBehalfOf),
  );
}

/** True when two actors are the same in every field. */
export function isSameActor(one: Actor, other: Actor): boolean {
  return one.kind === other.kind && one.name === other.name && one.onBehalfOf === other.onBehalfOf;
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
