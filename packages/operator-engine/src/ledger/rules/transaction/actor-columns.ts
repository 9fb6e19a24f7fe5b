import type { Actor } from '../../actor.ts';

/** Values of the three columns of an actor: kind, name, and the person for whom it acts. */
export type ActorColumns = readonly [kind: Actor['kind'], name: string, onBehalfOf: string | null];

/** The actor in three columns of a row. */
export function toActor(...[kind, name, onBehalfOf]: ActorColumns): Actor {
  return onBehalfOf === null ? { kind, name } : { kind, name, onBehalfOf };
}

/** The three columns of an actor. */
export function toActorColumns({ kind, name, onBehalfOf }: Actor): ActorColumns {
  return [kind, name, onBehalfOf ?? null];
}
