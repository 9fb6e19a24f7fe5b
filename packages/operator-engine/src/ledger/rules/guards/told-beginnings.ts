import type { JsonObject } from 'operator-core';
import { isJsonObject } from 'operator-core';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import { genesisOf } from '../transaction/chain-row.ts';
import type { ChainRow } from '../transaction/chain-row.ts';
import type { Control } from '../transaction/control-row.ts';

const PRUNED = new Statement<{ details: string }>(
  `SELECT MEMBER(entry, 'details') AS details FROM audit
   WHERE kind = 'ledger_pruned' AND chain = '${ROOT_CHAIN}' ORDER BY sequence DESC LIMIT 1`,
);

type Beginning = Pick<ChainRow, 'name' | 'start_place' | 'start_hash'>;

/**
 * True when a chain begins where the root chain records it: at its first entry, or after the pruned ones. The row alone
 * proves nothing: with an edited beginning every missing entry looks pruned.
 */
export async function isToldBeginning(
  queries: Queries,
  { name, start_place: place, start_hash: hash }: Beginning,
  control: Control,
): Promise<boolean> {
  const told = toldIn(await PRUNED.get(queries), name) ?? firstOf(name, control);
  return told['place'] === place && told['hash'] === hash;
}

/** True when no entry of a chain was pruned. */
export function isFirstBeginning(
  { name, start_place: place, start_hash: hash }: Beginning,
  control: Control,
): boolean {
  const first = firstOf(name, control);
  return first['place'] === place && first['hash'] === hash;
}

function toldIn(pruned: { details: string } | undefined, name: string): JsonObject | null {
  if (pruned === undefined) return null;
  const details: unknown = JSON.parse(pruned.details);
  if (!isJsonObject(details)) return null;
  const { chains, through = null, hash = null } = details;
  const told = isJsonObject(chains) && Object.hasOwn(chains, name) ? chains[name] : undefined;
  if (told !== undefined && isJsonObject(told)) return told;
  // An entry from before there were chains for each system names the beginning of the only one.
  return chains === undefined && name === ROOT_CHAIN ? { place: through, hash } : null;
}

function firstOf(name: string, { ledger_id: id, chain_base: base }: Control): JsonObject {
  return { place: name === ROOT_CHAIN ? 0 : base, hash: genesisOf(id, name) };
}
