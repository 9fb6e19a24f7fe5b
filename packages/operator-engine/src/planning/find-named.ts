import { nearestNames } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';

/** The element with a name. Throws the code with the nearest names and all existing ones. */
export function findNamed<Named extends { readonly name: string }>(
  name: string,
  all: readonly Named[],
  what: { code: 'ACTION_NOT_FOUND' | 'OBSERVATION_NOT_FOUND' | 'SUBJECT_NOT_FOUND'; of: string },
): Named {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  const nearest = nearestNames(name, names);
  throw createEngineError(what.code, {
    message: `There is no ${what.of} ${JSON.stringify(name.slice(0, 200))}.`,
    remedy:
      nearest.length > 0
        ? `Did you mean ${nearest.join(' or ')}?`
        : `There are: ${names.join(', ') || 'none'}.`,
    facts: { name: name.slice(0, 200), nearest: [...nearest], names },
  });
}
