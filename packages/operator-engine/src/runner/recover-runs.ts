import { recoverOne } from '../runs/others/recover-all.ts';
import type { RunnerTask, TaskContext } from './runner-task.ts';

/** Recovers runs of dead owners, by reading. */
export function createRecoverRuns({ parts, ledger, signal, report }: TaskContext): RunnerTask {
  return {
    name: 'recover',
    runsWhileStopped: true,
    failure: 'problem',
    due: async () => (await ledger.runs.abandoned()).map(({ id }) => id),
    do: async (id) => {
      const done = await recoverOne(parts.subjects, await ledger.runs.get(id), { signal });
      if (done === null) return;
      const { runId, before, state, summary, error } = done;
      if (error !== null && before === state) throw error;
      report('recovered', summary, { runId, details: { before, state } });
    },
  };
}
