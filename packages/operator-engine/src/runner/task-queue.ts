import { OperatorError } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';

/** Pauses before a failed task is tried again: the last value repeats. */
const RESTS_MS = [1_000, 2_000, 5_000, 15_000, 30_000] as const;

/** A task, and the run that it is done for; `null`: for all. */
export interface TaskOf {
  readonly task: string;
  readonly runId: string | null;
}

/** Receives a failure of a task. `error`: `null` when it is not an error of Operator. */
export type FailureObserver = (
  failed: TaskOf,
  error: OperatorError | null,
  message: string,
) => void;

interface Failure {
  readonly count: number;
  readonly notBefore: number;
  readonly reason: string;
}

/** Tasks that run at the same time, each once at a time; a failed one is tried again after a pause. */
export class TaskQueue {
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, Failure>();
  readonly #onFailure: FailureObserver;

  constructor(onFailure: FailureObserver) {
    this.#onFailure = onFailure;
  }

  /** Starts a task, unless it is running or pauses after a failure. */
  begin(of: TaskOf, work: () => Promise<void>): void {
    const key = keyOf(of);
    const failure = this.#failures.get(key);
    const rests = failure !== undefined && performance.now() < failure.notBefore;
    if (rests || this.#running.has(key)) return;
    this.#running.set(key, this.#do(of, work));
  }

  async #do(of: TaskOf, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failures.delete(keyOf(of));
    } catch (error) {
      this.#fail(of, error);
    } finally {
      this.#running.delete(keyOf(of));
    }
  }

  /** Resolves when no task is running. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #fail(of: TaskOf, error: unknown): void {
    const key = keyOf(of);
    const last = this.#failures.get(key);
    const count = (last?.count ?? 0) + 1;
    const rest = RESTS_MS[Math.min(count, RESTS_MS.length) - 1] ?? 0;
    const message = OperatorError.isInstance(error) ? error.message : describeCause(error);
    // The message of the same failure may count seconds.
    const reason = OperatorError.isInstance(error) ? error.code : message;
    this.#failures.set(key, { count, reason, notBefore: performance.now() + rest });
    // A repeated failure is reported once.
    if (last?.reason === reason) return;
    this.#onFailure(of, OperatorError.isInstance(error) ? error : null, message);
  }
}

function keyOf({ task, runId }: TaskOf): string {
  return JSON.stringify([task, runId]);
}
