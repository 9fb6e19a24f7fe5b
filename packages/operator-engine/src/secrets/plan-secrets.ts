import type { SecretValues } from './secret-values.ts';

const MOST = 1_000;

/** The secrets of the plans that this process made or was given, by the plan's digest. */
export class PlanSecrets {
  readonly #values = new Map<string, SecretValues>();

  /** Keeps the secrets of a plan; the oldest are dropped when there are very many. */
  remember(digest: string, secrets: SecretValues): void {
    if (Object.keys(secrets).length === 0) return;
    this.#values.set(digest, secrets);
    const [oldest] = this.#values.keys();
    if (this.#values.size > MOST && oldest !== undefined) this.#values.delete(oldest);
  }

  recall(digest: string | undefined): SecretValues {
    return (digest === undefined ? undefined : this.#values.get(digest)) ?? {};
  }

  /** Drops the secrets of a plan whose run is over. */
  forget(digest: string): void {
    this.#values.delete(digest);
  }
}
