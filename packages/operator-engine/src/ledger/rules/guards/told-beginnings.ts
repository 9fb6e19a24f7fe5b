import { isJsonObject } from 'operator-core';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import { toBeginnings } from '../transaction/beginning.ts';
import type { Beginning as Told } from '../transaction/beginning.ts';
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
  return told.place === place && told.hash === hash;
}

/** True when no entry of a chain was pruned. */
export function isFirstBeginning(
  { name, start_place: place, start_hash: hash }: Beginning,
  control: Control,
): boolean {
  const first = firstOf(name, control);
  return first.place === place && first.hash === hash;
}

function toldIn(pruned: { details: string } | undefined, name: string): Told | undefined {
  if (pruned === undefined) return undefined;
  const details: unknown = JSON.parse(pruned.details);
  return isJsonObject(details) ? toBeginnings(details).get(name) : undefined;
}

function firstOf(name: string, { ledger_id: id, chain_base: base }: Control): Told {
  return { place: name === ROOT_CHAIN ? 0 : base, hash: genesisOf(id, name) };
}
