import type { AuditFault, VerifiedChain } from '../../audit-log.ts';
import { chainHash, readContent, standsAtItsPlace } from '../transaction/audit-chain.ts';
import type { AuditRow, WrittenContent } from '../transaction/audit-chain.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { describeChain } from '../transaction/chain-row.ts';
import type { ChainRow } from '../transaction/chain-row.ts';

/** Check of one chain, entry after entry, and its progress. */
export class ChainCheck {
  readonly #start: ChainRow;
  #place: number;
  #hash: string;
  #sequence = 0;
  #at: string | null = null;
  #first: number | null = null;
  #fault: AuditFault | null = null;

  constructor(start: ChainRow) {
    this.#start = start;
    this.#place = start.start_place;
    this.#hash = start.start_hash;
  }

  /** The place of the last entry that was taken. */
  get place(): number {
    return this.#place;
  }

  /** Smallest and largest number of the entries that were taken; `null` before the first one. */
  get numbers(): { readonly first: number; readonly last: number } | null {
    return this.#first === null ? null : { first: this.#first, last: this.#sequence };
  }

  get fault(): AuditFault | null {
    return this.#fault;
  }

  /** The content of the row when it is the expected next one; else `null`, and the fault says why. */
  take(row: AuditRow): WrittenContent | null {
    const content = readContent(row.entry);
    this.#fault = this.#judge(row, content);
    if (this.#fault !== null || content === null) return null;
    this.#place = row.place;
    this.#hash = row.hash;
    this.#sequence = row.sequence;
    this.#at = content.at;
    this.#first ??= row.sequence;
    return content;
  }

  #judge(row: AuditRow, content: WrittenContent | null): AuditFault | null {
    const { name: chain } = this.#start;
    const expected = this.#place + 1;
    const stands = standsAtItsPlace(row, content);
    if (row.place > expected && stands) {
      const gap = row.place - 1;
      return createFault('removed', { chain, place: expected, to: gap }, 'missing');
    }
    const at = { chain, place: row.place };
    if (!stands) return createFault('misplaced', at, 'was written at another place');
    if (chainHash(row.previous, row.entry) !== row.hash) {
      return createFault('changed', at, 'does not match its hash');
    }
    if (row.place !== expected || row.previous !== this.#hash || row.sequence <= this.#sequence) {
      return createFault('unlinked', at, 'does not follow the entry before it');
    }
    return null;
  }

  /** Compares the end of the chain with its row; `row`: as of the same instant as the last page. */
  checkEnd(row: ChainRow): AuditFault | null {
    const { name: chain, head_place: place, head_hash: hash } = row;
    const isTold = this.#at === null || this.#tells(row);
    if (this.#place === place && this.#hash === hash) {
      const what = 'is the last one, and its number or time differs from the row of its chain';
      return isTold ? null : createFault('altered', { chain, place }, what);
    }
    if (this.#place < place) {
      const at = { chain, place: this.#place + 1, to: place };
      return createFault('cut', at, 'missing at the end of the chain');
    }
    return createFault('misplaced', { chain, place: this.#place }, 'was not written by Operator');
  }

  #tells({ head_sequence: sequence, head_at: at }: ChainRow): boolean {
    return this.#sequence === sequence && this.#at === toIso(at);
  }

  get verified(): VerifiedChain {
    const first = this.#start.start_place + 1;
    const { name: chain } = this.#start;
    return { chain, entries: this.#place - first + 1, first, last: this.#place, head: this.#hash };
  }
}

/** Place of a fault. `to`: the last of several places; the sentence then says that the entries are as in `what`. */
interface FaultPlace extends Pick<AuditFault, 'chain' | 'place'> {
  readonly to?: number;
}

/** A fault of an entry. `what`: the rest of a sentence that begins with the entry. */
export function createFault(
  found: AuditFault['found'],
  { chain, place, to }: FaultPlace,
  what: string,
): AuditFault {
  const rest = to === undefined ? what : `${to === place ? 'is' : 'are'} ${what}`;
  const which = to === undefined || to === place ? `Entry ${place}` : `Entries ${place} to ${to}`;
  return { found, chain, place, message: `${which} of ${describeChain(chain)} ${rest}.` };
}
