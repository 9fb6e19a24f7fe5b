import { runToEnd } from '../events/run-to-end.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import { executeRun } from '../runs/execute-run.ts';
import { openForRun } from '../subject/subjects.ts';
import type { RunnerTask, TaskContext } from './runner-task.ts';

/** Starts runs that may start and that no other process has started. */
export function createStartRuns({ parts, ledger, signal, report }: TaskContext): RunnerTask {
  /** The process of the requester has had time to start it, or people have approved it since. */
  const isLeft = ({ decision, createdAt }: RunRecord): boolean =>
    decision?.kind === 'needs_approval' ||
    parts.clock.now() - Date.parse(createdAt) >= parts.limits.leftAfterMs;
  return {
    name: 'go-on',
    runsWhileStopped: false,
    failure: 'problem',
    due: async () => {
      const approved = await ledger.runs.list({ states: ['approved'], limit: 1000 });
      return approved.filter(isLeft).map(({ id }) => id);
    },
    do: async (runId) => {
      const context = await openForRun(parts.subjects, runId, signal);
      const { state, summary } = await runToEnd(executeRun(context, runId, { signal }));
      report('went_on', summary, { runId, details: { state } });
    },
  };
}
