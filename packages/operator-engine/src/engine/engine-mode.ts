import type { Actor } from '../ledger/actor.ts';
import type { Mode, ModeStatus } from '../ledger/mode.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { CancelResult } from '../runs/others/cancel-run.ts';
import { OWNED_STATES } from '../ledger/run-state.ts';
import type { RunSubjects } from '../subject/subjects.ts';

/** The mode and the kill switch, for people. Every process reads them before each side effect. */
export class EngineMode {
  readonly #subjects: RunSubjects;
  readonly #actor: () => Actor;
  readonly #limits: EngineLimits;

  constructor(subjects: RunSubjects, options: { actor: () => Actor; limits: EngineLimits }) {
    this.#subjects = subjects;
    this.#actor = options.actor;
    this.#limits = options.limits;
  }

  async get(): Promise<ModeStatus> {
    return (await this.#subjects.openLedger()).mode.get();
  }

  async set(mode: Mode, { reason }: { reason: string }): Promise<ModeStatus> {
    const ledger = await this.#subjects.openLedger();
    return ledger.mode.set(mode, { by: this.#actor(), reason });
  }

  /**
   * Stops every process. With `cancel`, the work that systems still have in progress for runs is cancelled. Without a reason,
   * one that was given before stays.
   */
  async stop(change: {
    reason?: string | undefined;
    cancel?: boolean;
    signal?: AbortSignal | undefined;
  }): Promise<{ status: ModeStatus; cancelled: readonly CancelResult[] }> {
    const { reason, cancel = false, signal } = change;
    const by = this.#actor();
    const ledger = await this.#subjects.openLedger();
    const why = reason === undefined ? {} : { reason };
    const status = await ledger.mode.stop({ by, allowsCancels: cancel, ...why });
    if (!cancel) return { status, cancelled: [] };
    const { cancelRun } = await import('./run-operations.ts');
    const runs = await ledger.runs.list({ states: OWNED_STATES, limit: 1000 });
    const isWork = runs.filter(({ purpose }) => purpose.kind !== 'cancel');
    const told = status.stop?.reason ?? 'everything was stopped';
    const options = { by, reason: told, limits: this.#limits, signal };
    const cancelled = isWork.map(({ id }) => cancelRun(this.#subjects, id, options));
    return { status, cancelled: await Promise.all(cancelled) };
  }

  /** Lifts the stop. */
  async resume({ reason }: { reason: string }): Promise<ModeStatus> {
    const ledger = await this.#subjects.openLedger();
    return ledger.mode.resume({ by: this.#actor(), reason });
  }
}
