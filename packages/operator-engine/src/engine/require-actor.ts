import { createEngineError } from '../errors/engine-error.ts';
import type { Actor, OsActor } from '../ledger/actor.ts';
import { readOsUser } from '../identity/os-user.ts';

/** The actor with its name; `null` when the host named none. */
export function toActor(actor: Actor | OsActor | undefined): Actor | null {
  if (actor === undefined) return null;
  return 'name' in actor ? actor : { kind: actor.kind, name: readOsUser().name };
}

/** Throws `ACTOR_MISSING`. */
export function requireActor(actor: Actor | null): Actor {
  if (actor !== null) return actor;
  throw createEngineError('ACTOR_MISSING', {
    message: 'No actor is configured: a change needs `actor` in `openEngine`.',
    remedy:
      'Pass `actor` to `openEngine`: the operating system’s user, or the one of the caller’s token.',
  });
}

/** `ACTOR_MISSING`: the host does not vouch for names of callers. */
export function createNamesUntrusted({ name }: Actor): Error {
  return createEngineError('ACTOR_MISSING', {
    message: `The engine cannot act as ${name}: it was not opened with a named actor, so that names prove nothing.`,
    remedy: 'Pass a named `actor` to `openEngine`, the one of the service itself.',
    facts: { actor: name },
  });
}
