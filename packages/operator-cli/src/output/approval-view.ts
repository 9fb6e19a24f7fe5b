import type { ApprovalProgress, RunDetails } from 'operator-engine';
import { formatApprovers } from './approvers-view.ts';
import { formatActor, formatDistance, formatInstant } from './ledger-words.ts';
import type { Look } from './output.ts';
import { formatPlan } from './plan-view.ts';
import { printableLine } from './printable.ts';
import { formatDuration } from './units.ts';
import { formatPairs } from './table.ts';

/** A run that waits for consent: who asks, what is missing, and the plan in full. */
export function formatWaiting(
  { progress, details }: { progress: ApprovalProgress; details: RunDetails },
  look: Look,
): readonly string[] {
  const { given, needed } = progress;
  const { id, requester, createdAt, expiresAt, decision, plan, leaseMs } = details;
  const lease = leaseMs === null ? 'until it is ended' : formatDuration(leaseMs);
  const rule = decision?.approval;
  const names = given.map(({ approver }) => formatActor(approver)).join(', ');
  return [
    ...formatPairs([
      ['Run', look.style.bold(id)],
      ['Asked by', `${formatActor(requester)}, ${formatInstant(createdAt)}`],
      ...(plan.standingEffect === null ? [] : [['For', lease] as const]),
      ['Waits until', `${formatInstant(expiresAt)} (${formatDistance(expiresAt)})`],
      ['Approvals', `${given.length} of ${needed}${names === '' ? '' : `: ${names}`}`],
      ['May approve', rule === undefined ? '–' : formatApprovers(rule)],
      ['Because', (decision?.reasons ?? []).map(printableLine).join(' ')],
    ]),
    '',
    ...formatPlan(plan, look),
  ];
}
