import { isClosed } from '../ledger/lease.ts';
import { lookAtLeaseOf } from '../leases/look-at-lease-of.ts';
import type { RunnerTask, TaskContext } from './runner-task.ts';

/** Milliseconds between two looks at the effects of all leases. */
const LOOK_EVERY_MS = 10_000;

/** Compares each lease with the system at intervals. */
export function createCheckLeases({ parts, ledger, signal, report }: TaskContext): RunnerTask {
  let nextLook = 0;
  return {
    name: 'look',
    runsWhileStopped: false,
    failure: 'problem',
    due: async () => {
      const now = performance.now();
      if (now < nextLook) return [];
      nextLook = now + LOOK_EVERY_MS;
      const leases = await ledger.leases.list();
      return leases.filter(({ state }) => !isClosed(state)).map(({ runId }) => runId);
    },
    do: async (runId) => {
      const { lease } = await ledger.runs.get(runId);
      if (lease === null || isClosed(lease.state)) return;
      const sight = await lookAtLeaseOf(parts.subjects, lease, signal);
      if (sight.seen !== 'gone') return;
      const { effect, resource, subject, state } = sight.lease;
      const message = `${effect} on ${resource} of ${subject}: ${sight.summary}`;
      report(state === 'lost' ? 'lease_lost' : 'lease_ended', message, { runId });
    },
  };
}
