import type { JsonObject, JsonValue } from 'operator-core';
import { isJsonObject } from 'operator-core';
import type { ChainHead } from '../../audit-log.ts';
import type { WrittenContent } from '../transaction/audit-chain.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';

/** Place and hash after which a chain begins. */
export interface Beginning {
  readonly place: number;
  readonly hash: string;
}

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

/** An entry from before there were chains for each system names the beginning of the only one. */
function toBeginnings(details: JsonObject): Map<string, Beginning> {
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
function toBeginning(place: JsonValue | undefined, hash: JsonValue | undefined): Beginning | null {
  return typeof place === 'number' && typeof hash === 'string' ? { place, hash } : null;
}
