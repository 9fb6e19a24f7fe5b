import type { Actor } from 'operator-engine';
import type { CommandLineIo } from './io.ts';

/** Who acts. Whoever holds the account speaks for it: a script of a person is that person. */
export function actorOf({ user }: CommandLineIo): Actor {
  return { kind: 'person', name: user };
}
