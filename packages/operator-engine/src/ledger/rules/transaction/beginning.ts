import type { JsonObject, JsonValue } from 'operator-core';
import { isJsonObject } from 'operator-core';
import { ROOT_CHAIN } from '../../audit-log.ts';

/** Place and hash after which a chain begins. */
// A type and not an interface, so that it counts as JSON.
export type Beginning = Readonly<Record<'place', number> & Record<'hash', string>>;

/**
 * Beginnings of all chains in the details of a `ledger_pruned` entry. An entry from before there were chains for each
 * system names the beginning of the only one.
 */
export function toBeginnings(details: JsonObject): Map<string, Beginning> {
  const { chains, through, hash } = details;
  const told = isJsonObject(chains)
    ? chains
    : { [ROOT_CHAIN]: { place: through ?? null, hash: hash ?? null } };
  const known = Object.entries(told).flatMap(([name, one]) => {
    const beginning = isJsonObject(one) ? toBeginning(one['place'], one['hash']) : null;
    return beginning === null ? [] : [[name, beginning] as const];
  });
  return new Map(known);
}

/** `null` for a text that Operator does not write. */
export function toBeginning(
  place: JsonValue | undefined,
  hash: JsonValue | undefined,
): Beginning | null {
  return typeof place === 'number' && typeof hash === 'string' ? { place, hash } : null;
}
