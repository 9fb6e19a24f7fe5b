import type { Actor } from '../ledger/actor.ts';
import type { Lease, LeaseState } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Mode, ModeStatus } from '../ledger/mode.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { CancelResult } from '../runs/others/cancel-run.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import { OWNED_STATES } from '../ledger/run-state.ts';
import type { RunSubjects } from '../subject/subjects.ts';

/** Result of throwing the kill switch. */
export interface StopResult {
  readonly status: ModeStatus;
  readonly cancelled: readonly CancelResult[];
  /** Runs that have started: their requests may still take effect. */
  readonly underWay: readonly RunRecord[];
  /** Leases in force: they do not end while everything is stopped. */
  readonly leases: readonly Lease[];
}

const IN_FORCE: readonly LeaseState[] = ['active', 'ending'];

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
   * Stops every process, and lists the runs and leases that remain. With `cancel`, the work that systems still
   * have in progress for runs is cancelled. Without a reason, an earlier reason stays.
   */
  async stop(change: {
    reason?: string | undefined;
    cancel?: boolean;
    signal?: AbortSignal | undefined;
  }): Promise<StopResult> {
    const { reason, cancel = false, signal } = change;
    const by = this.#actor();
    const ledger = await this.#subjects.openLedger();
    const why = reason === undefined ? {} : { reason };
    const status = await ledger.mode.stop({ by, allowsCancels: cancel, ...why });
    const cancelled = cancel ? await this.#cancelAll(ledger, status, signal) : [];
    const leases = await ledger.leases.list({ states: IN_FORCE });
    const underWay = await ledger.runs.list({ states: OWNED_STATES });
    return { status, cancelled, underWay, leases };
  }

  async #cancelAll(
    ledger: Ledger,
    status: ModeStatus,
    signal: AbortSignal | undefined,
  ): Promise<readonly CancelResult[]> {
    const { cancelRun } = await import('./run-operations.ts');
    const runs = await ledger.runs.list({ states: OWNED_STATES, limit: 1000 });
    const isWork = runs.filter(({ purpose }) => purpose.kind !== 'cancel');
    const told = status.stop?.reason ?? 'everything was stopped';
    const options = { by: this.#actor(), reason: told, limits: this.#limits, signal };
    return Promise.all(isWork.map(({ id }) => cancelRun(this.#subjects, id, options)));
  }

  /** Lifts the stop. */
  async resume({ reason }: { reason: string }): Promise<ModeStatus> {
    const ledger = await this.#subjects.openLedger();
    return ledger.mode.resume({ by: this.#actor(), reason });
  }
}
