import type { Actor, OsActor } from 'operator-engine';
import type { CommandLineIo } from './io.ts';
import { createUsageError, toHelp } from '../errors/error-codes.ts';

/** The variable by which a program or an agent declares its kind. */
const ACTOR_KIND_VARIABLE = 'OPERATOR_ACTOR_KIND';

const KINDS = ['person', 'program', 'agent'] as const;

/**
 * The actor of a command line: the user of the operating system, unless the program that embeds the command
 * line vouches for another. A person by default; the variable only ever takes rights away. Throws
 * `COMMAND_LINE_INVALID` for an unknown kind.
 */
export function actorOf({ user, env }: CommandLineIo): Actor | OsActor {
  const kind = readKind(env[ACTOR_KIND_VARIABLE]);
  return user === undefined ? { kind } : { kind, name: user };
}

function readKind(given: string | undefined): OsActor['kind'] {
  if (given === undefined || given === '') return 'person';
  const kind = KINDS.find((known) => known === given);
  if (kind !== undefined) return kind;
  const shown = JSON.stringify(given.slice(0, 60));
  throw createUsageError(
    [`${ACTOR_KIND_VARIABLE} cannot be ${shown}; there are ${KINDS.join(', ')}.`],
    toHelp(),
  );
}
