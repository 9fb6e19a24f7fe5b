import type { AuditFault, ChainHead } from '../../audit-log.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { genesisOf } from '../transaction/chain-row.ts';
import type { ChainRow } from '../transaction/chain-row.ts';
import type { Control } from '../transaction/control-row.ts';
import { createFault } from './chain-check.ts';
import type { RootFacts } from './root-facts.ts';

/** The rest of a sentence about a chain that the root chain has not opened. */
export const NO_OPENING = 'belongs to a chain that the root chain does not record';

/** Row of the table `chain_seal`. */
export interface SealRow extends ChainHead {
  readonly name: string;
}

/** A beginning is missing only after a prune, which an entry of the root chain records. */
export function checkRootStart(
  { root, ledger_id: id }: Control,
  facts: RootFacts,
): AuditFault | null {
  const { start_place: place, start_hash: hash } = root;
  const begins = facts.beginningOf(ROOT_CHAIN) ?? { place: 0, hash: genesisOf(id) };
  return compareStart({ chain: ROOT_CHAIN, place, hash }, begins);
}

export function checkStart(row: ChainRow, facts: RootFacts): AuditFault | null {
  const { name: chain, start_place: place, start_hash: hash } = row;
  const begins = facts.beginningOf(chain);
  if (begins === undefined) return createFault('unopened', { chain, place: place + 1 }, NO_OPENING);
  return compareStart({ chain, place, hash }, begins);
}

/** Compares the rows of the last seals with the root chain: they decide what is sealed next. */
export function checkSealed(rows: readonly SealRow[], { sealed }: RootFacts): AuditFault | null {
  const kept = new Map(rows.map((row) => [row.name, row]));
  for (const chain of new Set([...sealed.keys(), ...kept.keys()])) {
    const [told, row] = [sealed.get(chain), kept.get(chain)];
    if (told?.place === row?.place && told?.hash === row?.hash) continue;
    const place = told?.place ?? row?.place ?? 0;
    const what =
      'is the last one that the root chain sealed, and the row with the last seal differs';
    return createFault('altered', { chain, place }, what);
  }
  return null;
}

function compareStart(
  { chain, place, hash }: { chain: string; place: number; hash: string },
  begins: { place: number; hash: string },
): AuditFault | null {
  if (begins.place === place && begins.hash === hash) return null;
  if (place > begins.place) {
    const at = { chain, place: begins.place + 1, to: place };
    return createFault('removed', at, 'missing, and no entry records a prune');
  }
  const at = { chain, place: place + 1 };
  return createFault(
    'altered',
    at,
    'follows another beginning than the one that the root chain records',
  );
}
