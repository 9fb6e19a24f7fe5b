import { canonicalJson } from 'operator-core';
import type { Fact, JsonValue, Plan, Quantity } from 'operator-core';
import { createPlan } from '../../planning/plan-action.ts';
import type { ActionCall, GateContext } from '../../subject/gate-context.ts';
import type { TargetedDraft } from '../../planning/targeted-draft.ts';
import { createStale } from '../../planning/recheck.ts';
import { DECISION_KINDS } from '../../ledger/approval.ts';
import type { Decision } from '../../ledger/approval.ts';
import type { RunDetails } from '../../ledger/run-record.ts';

/**
 * Refuses a run that touches so much by now that the same rules, at the same time, ask for more than when
 * it was planned: `PLAN_STALE`. Other rules than then are found out when the run is claimed.
 */
export function requireSameVerdict(
  { services, limits }: GateContext,
  { plan, requester, purpose }: RunDetails,
  { draft, call }: { draft: TargetedDraft; call: ActionCall },
): void {
  if (isSame(plan, draft)) return;
  const { subject } = plan;
  const at = services.clock.now();
  const now = createPlan(draft, call, { subject, now: at, validForMs: limits.planValidMs });
  const policy = services.policy();
  const decide = (about: Plan): Decision =>
    policy.decide({ plan: about, requester, purpose: purpose.kind, mode: 'autonomous' });
  const [before, after] = [decide(plan), decide(now)];
  if (!isStricter(after, before)) return;
  throw createStale(
    plan,
    `it touches more than was planned, and for that ${after.reasons.join(' ')}`,
    {
      changes: [
        { fact: 'decision', before: before.kind, now: after.kind },
        { fact: 'impact', before: toJson(plan.impact), now: toJson(now.impact) },
      ],
    },
  );
}

/** True when what policy can look at is what it was; everything else has been compared already. */
function isSame(plan: Plan, draft: TargetedDraft): boolean {
  return amountsOf(plan) === amountsOf(draft);
}

function amountsOf({ impact, evidence }: Pick<TargetedDraft, 'impact' | 'evidence'>): string {
  return canonicalJson([toJson(impact), toJson(evidence.shown)]);
}

function isStricter(now: Decision, before: Decision): boolean {
  if (now.kind !== before.kind) {
    return DECISION_KINDS.indexOf(now.kind) > DECISION_KINDS.indexOf(before.kind);
  }
  return approvalOf(now) !== approvalOf(before);
}

function approvalOf({ approval }: Decision): string {
  if (approval === undefined) return '';
  const { count, from, requesterMayApprove } = approval;
  return canonicalJson([count, from === null ? null : [...from], requesterMayApprove]);
}

/** Both are JSON by contract. */
function toJson(named: readonly Quantity[] | readonly Fact[]): JsonValue {
  return named as unknown as JsonValue;
}
