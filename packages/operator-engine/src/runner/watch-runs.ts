import type { JsonObject } from 'operator-core';
import { isAborted, pause } from '../base/signals.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isClosed } from '../ledger/lease.ts';
import type { Lease } from '../ledger/lease.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import { endLease } from '../leases/end-lease.ts';
import { lookAtLeaseOf } from '../runs/others/look-at-lease-of.ts';
import { recoverOne } from '../runs/others/recover-all.ts';
import { runToEnd } from '../events/run-to-end.ts';
import { executeRun } from '../runs/execute-run.ts';
import { openForRun } from '../subject/subjects.ts';
import { beginWatching } from './begin-watching.ts';
import { RunnerTasks } from './runner-tasks.ts';
import type { WatchEvent } from './watch-event.ts';
import type { WatchParts } from './watch-parts.ts';

/** Milliseconds between two looks at the effect of a lease. */
const LOOK_EVERY_MS = 10_000;

/**
 * Ends leases that are due, settles runs whose owner is dead, starts approved runs, and expires runs that were
 * not started in time; until the signal aborts. Several may run at the same time.
 */
export async function* watchRuns(
  parts: WatchParts,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent, void> {
  const begun = yield* beginWatching(parts, signal);
  if (begun === null) return;
  const { ledger, session } = begun;
  const loop = new RunnerLoop(parts, ledger, signal);
  try {
    loop.tell('started', `Watching ${ledger.location}.`, {
      details: { runner: session.runner.id },
    });
    yield* loop.take();
    while (!isAborted(signal)) {
      await loop.next();
      yield* loop.take();
      if (!(await pause(parts.limits.watchMs, signal))) break;
    }
    await loop.settled();
    loop.tell('ended', 'Stopped; unfinished work is left to other runners.');
    yield* loop.take();
  } finally {
    await loop.settled();
    // Where that cannot be written, others take the runner for dead a little later.
    await session.leave().catch(() => undefined);
  }
}

/** Looks again and again at what there is to do. */
class RunnerLoop {
  readonly #parts: WatchParts;
  readonly #ledger: Ledger;
  readonly #signal: AbortSignal | undefined;
  readonly #tasks: RunnerTasks;
  #told: WatchEvent[] = [];
  #wasStopped = false;
  #wasHeld = false;
  #nextLook = 0;

  constructor(parts: WatchParts, ledger: Ledger, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.#ledger = ledger;
    this.#signal = signal;
    this.#tasks = new RunnerTasks((name, error, message) => {
      const [task = '', runId = null] = name.split(' ');
      const kind = task === 'lease' ? 'lease_not_ended' : 'problem';
      const details = error === null ? {} : { error: { ...error.toJSON() } };
      this.tell(kind, message, { runId, details: { task, ...details } });
    });
  }

  tell(
    kind: WatchEvent['kind'],
    message: string,
    about: { runId?: string | null; details?: JsonObject } = {},
  ): void {
    const { runId = null, details = {} } = about;
    this.#told.push({ kind, at: this.#parts.clock.iso(), runId, message, details });
  }

  /** Events since the last call. */
  take(): readonly WatchEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  async settled(): Promise<void> {
    await this.#tasks.settled();
  }

  /** One round. What takes longer goes on beside the next ones. */
  async next(): Promise<void> {
    this.#tasks.begin('round', () => this.#look());
    await Promise.race([this.#tasks.settled(), pause(this.#parts.limits.watchMs, this.#signal)]);
  }

  async #look(): Promise<void> {
    const { runs, leases } = this.#ledger;
    await this.#expire();
    for (const run of await runs.abandoned()) {
      this.#tasks.begin(`recover ${run.id}`, () => this.#recover(run));
    }
    const due = await leases.due();
    if (await this.#isStopped(due.length)) return;
    await this.#tellHeld();
    this.#lookAtLeases(await leases.list());
    for (const { runId } of due) this.#tasks.begin(`lease ${runId}`, () => this.#endLease(runId));
    for (const run of await runs.list({ states: ['approved'], limit: 1000 })) {
      if (!this.#isLeft(run)) continue;
      this.#tasks.begin(`go-on ${run.id}`, () => this.#goOn(run.id));
    }
  }

  /** True when a run that may begin waits for a runner: its own process has had the time to begin it. */
  #isLeft({ decision, createdAt }: RunRecord): boolean {
    if (decision?.kind === 'needs_approval') return true;
    return this.#parts.clock.now() - Date.parse(createdAt) >= this.#parts.limits.leftAfterMs;
  }

  /** Now and then each lease is held against the system. */
  #lookAtLeases(leases: readonly Lease[]): void {
    const now = performance.now();
    if (now < this.#nextLook) return;
    this.#nextLook = now + LOOK_EVERY_MS;
    for (const lease of leases.filter(({ state }) => !isClosed(state))) {
      this.#tasks.begin(`look ${lease.runId}`, () => this.#lookAt(lease));
    }
  }

  async #lookAt(lease: Lease): Promise<void> {
    const sight = await lookAtLeaseOf(this.#parts.subjects, lease, this.#signal);
    if (sight.seen !== 'gone') return;
    const { effect, resource, subject, runId, state } = sight.lease;
    const message = `${effect} on ${resource} of ${subject}: ${sight.summary}`;
    this.tell(state === 'lost' ? 'lease_lost' : 'lease_ended', message, { runId });
  }

  async #expire(): Promise<void> {
    for (const { id, summary } of await this.#ledger.runs.expire(this.#parts.actor())) {
      this.tell('expired', `Run ${id} was not begun in time: ${summary}`, { runId: id });
    }
  }

  /** Leases whose end has come by one clock only, or only if a jump of it was right: told once. */
  async #tellHeld(): Promise<void> {
    const held = (await this.#ledger.leases.held()).map(({ runId }) => runId);
    if (held.length > 0 && !this.#wasHeld) {
      const { at, machine } = await this.#ledger.maintenance.clock();
      const message = `The end of ${held.length} leases has come by one clock only (${held.join(', ')}): it is ${at} by the ledger, and ${machine} by this machine’s clock. They are held until both agree, or the owner of the ledger sets its time by the machine’s clock: \`operator ledger accept-time --reason TEXT\`.`;
      this.tell('problem', message, { details: { held, at, machine } });
    }
    this.#wasHeld = held.length > 0;
  }

  /** Under the kill switch leases go on: that is told once, and loudly. */
  async #isStopped(due: number): Promise<boolean> {
    const { stop, mode } = await this.#ledger.mode.get();
    const isStopped = stop !== null || mode === 'observe';
    if (isStopped && !this.#wasStopped) {
      const by = stop === null ? 'The mode is observe' : `${stop.by.name} stopped everything`;
      const why = stop === null ? '' : `: ${stop.reason}`;
      const message = `${by}${why}. NO lease is ended until that is lifted (${due} due now).`;
      this.tell('stopped', message, { details: { due } });
    }
    this.#wasStopped = isStopped;
    return isStopped;
  }

  async #recover(run: Parameters<typeof recoverOne>[1]): Promise<void> {
    const done = await recoverOne(this.#parts.subjects, run, { signal: this.#signal });
    if (done === null) return;
    const { runId, before, state, summary, error } = done;
    if (error !== null && before === state) throw error;
    this.tell('recovered', summary, { runId, details: { before, state } });
  }

  async #endLease(runId: string): Promise<void> {
    const context = await openForRun(this.#parts.subjects, runId, this.#signal);
    const { subjects } = this.#parts;
    const options = { reason: 'its time was over', subjects, signal: this.#signal };
    const { outcome, summary, lease, run } = await endLease(context, runId, options);
    if (outcome === 'owned' || outcome === 'already_closed') return;
    const { effect, resource, subject } = lease;
    const message = `${effect} on ${resource} of ${subject}: ${summary}`;
    const details = { by: run === null ? null : run.runId };
    this.tell(`lease_${outcome}`, message, { runId, details });
  }

  async #goOn(runId: string): Promise<void> {
    const context = await openForRun(this.#parts.subjects, runId, this.#signal);
    const steps = executeRun(context, runId, { signal: this.#signal });
    const { state, summary } = await runToEnd(steps);
    this.tell('went_on', summary, { runId, details: { state } });
  }
}
