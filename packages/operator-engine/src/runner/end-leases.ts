import { endLease } from '../leases/end-lease.ts';
import { openForRun } from '../subject/subjects.ts';
import type { RunnerTask, TaskContext } from './runner-task.ts';

/** Ends leases that are due. */
export function createEndLeases({ parts, ledger, signal, report }: TaskContext): RunnerTask {
  return {
    name: 'lease',
    runsWhileStopped: false,
    failure: 'lease_not_ended',
    due: async () => (await ledger.leases.due()).map(({ runId }) => runId),
    do: async (runId) => {
      const { subjects } = parts;
      const context = await openForRun(subjects, runId, signal);
      const options = { reason: 'its time was over', subjects, signal };
      const { outcome, summary, lease, run } = await endLease(context, runId, options);
      if (outcome === 'owned' || outcome === 'already_closed') return;
      const { effect, resource, subject } = lease;
      const message = `${effect} on ${resource} of ${subject}: ${summary}`;
      report(`lease_${outcome}`, message, { runId, details: { by: run?.runId ?? null } });
    },
  };
}
