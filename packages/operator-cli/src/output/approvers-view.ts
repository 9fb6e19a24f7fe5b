import type { ApprovalRule } from 'operator-engine';
import { printableLine } from './printable.ts';

/** Approvers of a rule: `ben, cem, not the requester`. */
export function formatApprovers({ from, requesterMayApprove }: ApprovalRule): string {
  const who = from === null ? 'any person' : printableLine(from.join(', '));
  return `${who}${requesterMayApprove ? ', the requester too' : ', not the requester'}`;
}
