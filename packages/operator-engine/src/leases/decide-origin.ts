import type { GatePolicy } from '../gate/gate-policy.ts';
import type { Decision } from '../ledger/approval.ts';
import type { RunDetails } from '../ledger/run-record.ts';

/** What the rules of now say of a run that was begun, as of the time when it was. */
export function decideOrigin(
  policy: GatePolicy,
  { plan, requester, purpose, startedAt, createdAt }: RunDetails,
): Decision {
  const at = Date.parse(startedAt ?? createdAt);
  return policy.decide({ plan, requester, purpose: purpose.kind, mode: 'autonomous', at });
}
