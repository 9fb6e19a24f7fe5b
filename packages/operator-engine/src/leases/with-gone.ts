import type { PlanningResult } from '../planning/planning-result.ts';
import type { LeaseSight } from '../runs/recover/look-at-lease.ts';

type NothingToDo = Extract<PlanningResult, { kind: 'nothing_to_do' }>;

/** Adds to "nothing to do" the leases that the following look found to be over. */
export function withGone(planned: NothingToDo, sights: readonly LeaseSight[]): NothingToDo {
  const gone = sights.filter(({ seen }) => seen === 'gone');
  if (gone.length === 0) return planned;
  const sentences = gone.map(
    ({ lease, summary }) =>
      `The lease of run ${lease.runId} on ${lease.resource} is ${lease.state}: ${summary}`,
  );
  const leases = gone.map(({ lease: { runId, state, resource } }) => ({ runId, state, resource }));
  return {
    ...planned,
    summary: [planned.summary, ...sentences].join(' '),
    facts: { ...planned.facts, leases },
  };
}
