import { hash } from 'node:crypto';
import { ROOT_CHAIN } from '../../audit-log.ts';

/** One row of the table `chain`: where a chain of the audit begins and ends. */
export interface ChainRow {
  readonly name: string;
  /** Place and hash of the entry before the first one that is there. */
  readonly start_place: number;
  readonly start_hash: string;
  readonly head_place: number;
  readonly head_hash: string;
  readonly head_sequence: number;
  /** Time of the last entry. */
  readonly head_at: number;
  /** The largest fence of an owner of a run of the system. */
  readonly fence: number;
}

/** The chains of a ledger by their names. */
export type Chains = ReadonlyMap<string, ChainRow>;

/** Columns that say which system something belongs to. */
export interface SystemColumns {
  readonly system_kind: string;
  readonly system_id: string;
}

/** Name of the chain of a system. */
export function chainOf({ system_kind: kind, system_id: id }: SystemColumns): string {
  // Kinds may have a colon: without an escape two systems could share a name.
  return `${kind.replaceAll('%', '%25').replaceAll(':', '%3A')}:${id}`;
}

/** The hash that the first entry of a chain follows, so that no two chains of any ledgers can be exchanged. */
export function genesisOf(ledgerId: string, chain = ROOT_CHAIN): string {
  const of = chain === ROOT_CHAIN ? ledgerId : `${ledgerId} ${chain}`;
  return hash('sha256', `operator.audit/1 ${of}`, 'hex');
}

/** The chain as part of a sentence. */
export function describeChain(name: string): string {
  return name === ROOT_CHAIN ? 'the root chain' : `the chain of ${name}`;
}
