import type { ConfiguredSubject } from '../config/load-config.ts';
import { createInterrupted, isAborted, untilAborted } from '../base/signals.ts';
import type { SharedSubject } from './shared-subject.ts';

interface Pooled {
  readonly opening: Promise<SharedSubject>;
  /** Number of callers that have it open. */
  users: number;
}

/** A subject of the pool, and the way to give it back. */
export interface PooledSubject {
  readonly shared: SharedSubject;
  /** Closes the subject when no other caller has it open. May be called twice. */
  readonly release: () => Promise<void>;
}

/** The subjects of an engine: each is loaded and connected once for all callers that have it open. */
export class SubjectPool {
  readonly #load: (subject: ConfiguredSubject) => Promise<SharedSubject>;
  readonly #pooled = new Map<string, Pooled>();

  constructor(load: (subject: ConfiguredSubject) => Promise<SharedSubject>) {
    this.#load = load;
  }

  /** Opens a subject. A caller that gives up does not take it from the others. */
  async open(subject: ConfiguredSubject, signal: AbortSignal | undefined): Promise<PooledSubject> {
    if (isAborted(signal)) throw createInterrupted(`opening ${subject.name}`);
    const pooled = this.#take(subject);
    const release = this.#releaseOnce(subject.name, pooled);
    try {
      const shared = await untilAborted(pooled.opening, signal);
      if (shared === null) throw createInterrupted(`opening ${subject.name}`);
      return { shared, release };
    } catch (error) {
      // The load is not awaited: a caller that gives up does not wait for it.
      void release();
      throw error;
    }
  }

  /** Closes every subject, also those that callers have open. */
  async close(): Promise<void> {
    const all = [...this.#pooled.values()];
    this.#pooled.clear();
    await Promise.all(all.map(closePooled));
  }

  #take(subject: ConfiguredSubject): Pooled {
    const pooled = this.#pooled.get(subject.name) ?? { opening: this.#load(subject), users: 0 };
    pooled.users += 1;
    this.#pooled.set(subject.name, pooled);
    return pooled;
  }

  #releaseOnce(name: string, pooled: Pooled): () => Promise<void> {
    let isReleased = false;
    return async () => {
      if (isReleased) return;
      isReleased = true;
      pooled.users -= 1;
      if (pooled.users > 0 || this.#pooled.get(name) !== pooled) return;
      this.#pooled.delete(name);
      await closePooled(pooled);
    };
  }
}

async function closePooled({ opening }: Pooled): Promise<void> {
  const shared = await opening.catch(() => null);
  await shared?.close();
}
