/** Name of the rows that belong to no run. */
export const LEDGER = '';

const MOST = 1_000;

/**
 * The rows that have been compared with the audit, for as long as nothing else writes to the ledger: each later change of
 * this process leaves them as the audit says. A row is not known before it was compared, nor when it was ever edited.
 */
export class KnownRows {
  readonly #names = new Set<string>();

  /** `name`: the id of a run, or {@link LEDGER}. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(name: string): void {
    // Runs that are over are seldom changed again.
    if (this.#names.size >= MOST) this.#names.clear();
    this.#names.add(name);
  }

  /** Call this when something else may have written. */
  forget(): void {
    this.#names.clear();
  }
}
