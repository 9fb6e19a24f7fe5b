import type { ChainHead } from '../../audit-log.ts';
import type { WrittenContent } from '../transaction/audit-chain.ts';
import { toBeginning, toBeginnings } from '../transaction/beginning.ts';
import type { Beginning } from '../transaction/beginning.ts';

/** The beginnings of all chains and their sealed heads, as the entries of the root chain record them. */
export class RootFacts {
  #beginnings = new Map<string, Beginning>();
  readonly #sealed = new Map<string, ChainHead>();

  /** Notes the facts in an entry of the root chain. Call it for each entry, oldest first. */
  note({ kind, details, heads }: WrittenContent): void {
    for (const [name, head] of Object.entries(heads ?? {})) this.#sealed.set(name, head);
    if (kind === 'ledger_pruned') this.#beginnings = toBeginnings(details);
    if (kind !== 'chain_opened') return;
    const { chain, after, hash } = details;
    const beginning = toBeginning(after, hash);
    if (typeof chain === 'string' && beginning !== null) this.#beginnings.set(chain, beginning);
  }

  /** The latest beginning that the root chain records for a chain; `undefined` for an unknown chain. */
  beginningOf(chain: string): Beginning | undefined {
    return this.#beginnings.get(chain);
  }

  /** The head that was sealed last of each chain. */
  get sealed(): ReadonlyMap<string, ChainHead> {
    return this.#sealed;
  }

  /** Names of all chains that the root chain records. */
  get names(): readonly string[] {
    return [...this.#beginnings.keys()];
  }
}
