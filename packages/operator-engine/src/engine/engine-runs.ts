import type { RunEvent } from '../events/run-event.ts';
import type { RunResult } from '../events/run-result.ts';
import { toRunEvent, toRunEvents } from '../events/run-event.ts';
import type { Actor } from '../ledger/actor.ts';
import type { AuditEntry } from '../ledger/audit-log.ts';
import type { RunDetails, RunRecord } from '../ledger/run-record.ts';
import type { RunFilter } from '../ledger/runs.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { CancelResult } from '../runs/others/cancel-run.ts';
import type { UndoPlan } from './undo-plan.ts';
import type { RecoverAllOptions, RecoveredRun } from '../runs/others/recover-all.ts';
import type { RunOptions } from '../runs/execute-run.ts';
import { openForRun } from '../subject/subjects.ts';
import type { EngineSubjects } from './open-subject.ts';

/** Options of calls that may wait. */
interface Waiting {
  readonly signal?: AbortSignal | undefined;
}

/** Options of a run that needs no listener. */
export type StartOptions = Omit<RunOptions, 'signal'>;

/** A run that the engine carries out without a listener. */
export interface StartedRun {
  readonly runId: string;
  /** Its result. Need not be waited for. */
  readonly done: Promise<RunResult>;
}

/** The runs of all subjects, by their ids. */
export class EngineRuns {
  readonly #subjects: EngineSubjects;
  readonly #actor: () => Actor;
  readonly #limits: EngineLimits;

  constructor(subjects: EngineSubjects, options: { actor: () => Actor; limits: EngineLimits }) {
    this.#subjects = subjects;
    this.#actor = options.actor;
    this.#limits = options.limits;
  }

  /** Throws `RUN_NOT_FOUND`. */
  async get(runId: string): Promise<RunDetails> {
    return (await this.#subjects.openLedger()).runs.get(runId);
  }

  /** Newest first. */
  async list(filter: RunFilter = {}): Promise<readonly RunRecord[]> {
    return (await this.#subjects.openLedger()).runs.list(filter);
  }

  /** Audit entries of a run, oldest first. */
  async events(runId: string, options: { after?: number } = {}): Promise<readonly AuditEntry[]> {
    return (await this.#subjects.openLedger()).runs.events(runId, options);
  }

  /**
   * Carries out a run that may start, or follows it when another process carries it out. Throws only while it has
   * sent nothing.
   */
  async *resume(runId: string, options: RunOptions = {}): AsyncGenerator<RunEvent, RunResult> {
    const context = await openForRun(this.#subjects, runId, options.signal);
    const { executeRun } = await import('./run-operations.ts');
    return yield* executeRun(context, runId, options);
  }

  /**
   * Starts a run that this engine carries out with or without a listener; {@link follow} reports its events.
   * Resolves when the run is claimed, or is carried out by another process; rejects with the obstacle.
   */
  async start(runId: string, options: StartOptions = {}): Promise<StartedRun> {
    const context = await openForRun(this.#subjects, runId, undefined);
    const { executeRun } = await import('./run-operations.ts');
    const { promise: begun, resolve } = Promise.withResolvers<undefined>();
    const done = context.services.detached.drive(
      { id: runId },
      (signal) => executeRun(context, runId, { ...options, signal }),
      ({ kind }) => {
        if (kind === 'claimed' || kind === 'joined') resolve(undefined);
      },
    );
    await Promise.race([begun, done]);
    return { runId, done };
  }

  /**
   * Follows a run of any process to its end by reading the ledger: from its beginning, or after an audit entry
   * that was seen before. Never starts a run. A caller may read at any speed, stop, and continue from another
   * process.
   */
  async *follow(
    runId: string,
    options: Waiting & { readonly after?: number | undefined } = {},
  ): AsyncGenerator<RunEvent, RunResult> {
    const context = await openForRun(this.#subjects, runId, options.signal);
    const run = { id: runId, clock: context.services.clock };
    const { followRun } = await import('./run-operations.ts');
    const result = yield* toRunEvents(run, followRun(context, runId, options));
    yield toRunEvent(run, { kind: 'finished', result });
    return result;
  }

  /** Settles every run of a dead owner, by reading. Nothing is sent again. */
  async recover(options: RecoverAllOptions = {}): Promise<readonly RecoveredRun[]> {
    const { recoverAll } = await import('./run-operations.ts');
    return recoverAll(this.#subjects, options);
  }

  /** Ends a run. If nothing was sent, nothing will be; otherwise it is taken back in the action's own way. */
  async cancel(runId: string, options: Waiting & { reason: string }): Promise<CancelResult> {
    const limits = this.#limits;
    const { cancelRun } = await import('./run-operations.ts');
    return cancelRun(this.#subjects, runId, { ...options, by: this.#actor(), limits });
  }

  /** Plans the inverse of a run. `isConfirmed`: see {@link GatedSubject.plan}. Throws `UNDO_REFUSED`. */
  async planUndo(
    runId: string,
    options: Waiting & { readonly isConfirmed?: boolean | undefined } = {},
  ): Promise<UndoPlan> {
    const { signal } = options;
    const ledger = await this.#subjects.openLedger();
    const run = await ledger.runs.get(runId);
    const { subject, context } = await this.#subjects.open(run.subject, signal);
    const { planUndo } = await import('./run-operations.ts');
    return { subject, ...(await planUndo(context, runId, options)) };
  }
}
