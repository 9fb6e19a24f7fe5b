import { advise } from 'operator-core';
import type { TaskContext } from './runner-task.ts';
import { operations } from '../errors/operations.ts';

/** Notices of a runner: everything is stopped, or the ends of leases are delayed. Each is reported once. */
export class RunnerNotices {
  readonly #context: TaskContext;
  #wasStopped = false;
  #wasHeld = false;

  constructor(context: TaskContext) {
    this.#context = context;
  }

  /** True while everything is stopped. Leases stay in force then, which is reported loudly. */
  async isStopped(): Promise<boolean> {
    const { ledger, report } = this.#context;
    const { stop, mode } = await ledger.mode.get();
    const isStopped = stop !== null || mode === 'observe';
    if (isStopped && !this.#wasStopped) {
      const due = (await ledger.leases.due()).length;
      const by = stop === null ? 'The mode is observe' : `${stop.by.name} stopped everything`;
      const why = stop === null ? '' : `: ${stop.reason}`;
      const message = `${by}${why}. NO lease is ended until that is lifted (${due} due now).`;
      report('stopped', message, { details: { due } });
    }
    this.#wasStopped = isStopped;
    return isStopped;
  }

  /** Reports leases that are over by one clock only, or only if a jump of that clock was right. */
  async reportHeld(): Promise<void> {
    const { ledger, report } = this.#context;
    const held = (await ledger.leases.held()).map(({ runId }) => runId);
    if (held.length > 0 && !this.#wasHeld) {
      const { at, machine } = await ledger.maintenance.clock();
      const message = `${held.length} leases are due by one clock only (${held.join(', ')}): the ledger’s time is ${at}, and this machine’s clock says ${machine}. They are held until both agree.`;
      const remedy = advise`If the machine’s clock is right, the owner of the ledger sets its time by it: ${operations.acceptTime}.`;
      report('problem', message, { details: { held, at, machine }, remedy });
    }
    this.#wasHeld = held.length > 0;
  }
}
