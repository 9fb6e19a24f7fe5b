import { pause } from '../base/signals.ts';
import { RunnerNotices } from './runner-notices.ts';
import type { Report, RunnerTask, TaskContext } from './runner-task.ts';
import { TaskQueue } from './task-queue.ts';
import type { WatchEvent } from './watch-event.ts';

/** Looks in every round for work that is due in each of its tasks, and collects the events. */
export class RunnerLoop {
  readonly #context: TaskContext;
  readonly #tasks: readonly RunnerTask[];
  readonly #notices: RunnerNotices;
  readonly #queue: TaskQueue;
  #events: WatchEvent[] = [];

  constructor(
    base: Omit<TaskContext, 'report'>,
    tasks: readonly ((context: TaskContext) => RunnerTask)[],
  ) {
    this.#context = { ...base, report: this.report };
    this.#tasks = tasks.map((create) => create(this.#context));
    this.#notices = new RunnerNotices(this.#context);
    this.#queue = new TaskQueue(({ task, runId }, error, message) => {
      const kind = this.#tasks.find((one) => one.name === task)?.failure ?? 'problem';
      const details = error === null ? {} : { error: { ...error.toJSON() } };
      this.report(kind, message, { runId, details: { task, ...details } });
    });
  }

  readonly report: Report = (kind, message, { runId = null, details = {}, remedy = null } = {}) => {
    const at = this.#context.parts.clock.iso();
    this.#events.push({ kind, at, runId, message, details, remedy });
  };

  /** Events since the last call. */
  take(): readonly WatchEvent[] {
    return this.#events.splice(0);
  }

  /** Resolves when no work is in progress. */
  async idle(): Promise<void> {
    await this.#queue.idle();
  }

  /** One round. Longer work continues beside the next rounds. */
  async next(): Promise<void> {
    const { parts, signal } = this.#context;
    this.#queue.begin({ task: 'round', runId: null }, () => this.#look());
    await Promise.race([this.#queue.idle(), pause(parts.limits.watchMs, signal)]);
  }

  async #look(): Promise<void> {
    await this.#expire();
    await this.#beginDue(this.#tasks.filter(({ runsWhileStopped }) => runsWhileStopped));
    if (await this.#notices.isStopped()) return;
    await this.#notices.reportHeld();
    await this.#beginDue(this.#tasks.filter(({ runsWhileStopped }) => !runsWhileStopped));
  }

  async #beginDue(tasks: readonly RunnerTask[]): Promise<void> {
    for (const task of tasks) {
      for (const runId of await task.due()) {
        this.#queue.begin({ task: task.name, runId }, () => task.do(runId));
      }
    }
  }

  async #expire(): Promise<void> {
    const { parts, ledger } = this.#context;
    for (const { id, summary } of await ledger.runs.expire(parts.actor())) {
      this.report('expired', `Run ${id} was not started in time: ${summary}`, { runId: id });
    }
  }
}
