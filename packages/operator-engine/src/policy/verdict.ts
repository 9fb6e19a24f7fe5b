import { DECISION_KINDS } from '../ledger/approval.ts';
import type { ApprovalRule } from '../ledger/approval.ts';
import { combineApprovals } from './combine-approvals.ts';
import type { DecisionKind } from './policy-words.ts';

/** Verdict on a plan by the rules, an action or the mode. */
export interface Verdict {
  readonly kind: DecisionKind;
  /** With `needs_approval`, and only then. */
  readonly approval: ApprovalRule | null;
  readonly reasons: readonly string[];
}

/** The stricter of two kinds. */
function stricter(one: DecisionKind, other: DecisionKind): DecisionKind {
  return DECISION_KINDS.indexOf(one) >= DECISION_KINDS.indexOf(other) ? one : other;
}

/** A verdict that satisfies both. Never more permitted than either; keeps all reasons. */
export function combineVerdicts(one: Verdict, other: Verdict): Verdict {
  const kind = stricter(one.kind, other.kind);
  const reasons = [...one.reasons, ...other.reasons];
  if (kind !== 'needs_approval') return { kind, approval: null, reasons };
  const approval =
    one.approval !== null && other.approval !== null
      ? combineApprovals(one.approval, other.approval)
      : (one.approval ?? other.approval);
  return { kind, approval, reasons };
}

/** A verdict that permits and has no reason. */
export const NO_OBJECTION: Verdict = { kind: 'allow', approval: null, reasons: [] };

/** A verdict that denies, for this reason. */
export function deny(...reasons: readonly string[]): Verdict {
  return { kind: 'deny', approval: null, reasons };
}

/** A verdict that requires the consent of people. */
export function needConsent(approval: ApprovalRule, ...reasons: readonly string[]): Verdict {
  return { kind: 'needs_approval', approval, reasons };
}
