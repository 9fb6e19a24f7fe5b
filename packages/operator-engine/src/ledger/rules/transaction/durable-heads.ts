import type { LedgerHead } from './open-transaction.ts';

/** The last entry of each chain that this process knows to be on disk. */
export class DurableHeads {
  readonly #heads = new Map<string, LedgerHead>();

  /** Adds the heads of a transaction that is on disk. A transaction that began later may have ended earlier. */
  add(heads: readonly LedgerHead[]): void {
    for (const head of heads) {
      const known = this.#heads.get(head.chain);
      if (known === undefined || known.place <= head.place) this.#heads.set(head.chain, head);
    }
  }

  all(): readonly LedgerHead[] {
    return [...this.#heads.values()];
  }
}
