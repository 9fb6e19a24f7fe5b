import type { GatePolicy } from '../../subject/gate-policy.ts';
import type { Decision } from '../../ledger/approval.ts';
import type { RunDetails } from '../../ledger/run-record.ts';

/** Decision of the present policy about a run that has started, for the time of its start. */
export function decideOrigin(
  policy: GatePolicy,
  { plan, requester, purpose, startedAt, createdAt }: RunDetails,
): Decision {
  const at = Date.parse(startedAt ?? createdAt);
  return policy.decide({ plan, requester, purpose: purpose.kind, mode: 'autonomous', at });
}
