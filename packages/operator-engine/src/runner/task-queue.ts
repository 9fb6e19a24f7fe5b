import { OperatorError } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';

/** Pauses before a failed task is tried again: the last value repeats. */
const RESTS_MS = [1_000, 2_000, 5_000, 15_000, 30_000] as const;

interface Failure {
  readonly count: number;
  readonly notBefore: number;
  readonly reason: string;
}

/** Work that runs side by side, each piece once at a time; what failed is tried again after a pause. */
export class TaskQueue {
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, Failure>();
  readonly #onFailure: (name: string, error: OperatorError | null, message: string) => void;

  constructor(onFailure: (name: string, error: OperatorError | null, message: string) => void) {
    this.#onFailure = onFailure;
  }

  /** Starts a task, unless it is running or pauses after a failure. */
  begin(name: string, work: () => Promise<void>): void {
    const failure = this.#failures.get(name);
    const rests = failure !== undefined && performance.now() < failure.notBefore;
    if (rests || this.#running.has(name)) return;
    this.#running.set(name, this.#do(name, work));
  }

  async #do(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failures.delete(name);
    } catch (error) {
      this.#fail(name, error);
    } finally {
      this.#running.delete(name);
    }
  }

  /** Resolves when no task is running. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #fail(name: string, error: unknown): void {
    const last = this.#failures.get(name);
    const count = (last?.count ?? 0) + 1;
    const rest = RESTS_MS[Math.min(count, RESTS_MS.length) - 1] ?? 0;
    const message = OperatorError.isInstance(error) ? error.message : describeCause(error);
    // The message of the same failure may count seconds.
    const reason = OperatorError.isInstance(error) ? error.code : message;
    this.#failures.set(name, { count, reason, notBefore: performance.now() + rest });
    // A repeated failure is reported once.
    if (last?.reason === reason) return;
    this.#onFailure(name, OperatorError.isInstance(error) ? error : null, message);
  }
}
