import type { Plan } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import type { Mode } from '../ledger/mode.ts';
import { ANY_PERSON, approversOf } from './combine-approvals.ts';
import { combineMode } from './combine-mode.ts';
import { describeDecision } from './describe-decision.ts';
import type { Explanation } from './explanation.ts';
import { effectiveRisk, findRiskRule, findRule } from './find-rules.ts';
import type { Matter } from './find-conditions.ts';
import { judgeRules } from './judge-rules.ts';
import { toPlanTraits } from './plan-traits.ts';
import type { PlanTraits } from './plan-traits.ts';
import type { LoadedPolicy, PolicyRequest } from './policy.ts';
import { countLimits, toRunLimits } from './run-limits.ts';
import { combineVerdicts, deny, needConsent, NO_OBJECTION } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** Input of a decision besides the plan. */
export interface PolicyTerms extends PolicyRequest {
  readonly mode: Mode;
  readonly policy: LoadedPolicy;
}

type UsablePolicy = Exclude<LoadedPolicy, { kind: 'unreadable' }>;

/** Decides about a plan and shows the reasons. Never throws: an error denies. */
export function explain(question: PolicyTerms & { readonly plan: Plan }): Explanation {
  try {
    return explainTraits(toPlanTraits(question.plan), question);
  } catch (error) {
    const why = `The plan cannot be evaluated: ${describeCause(error)}.`;
    return explainDenial(question, { riskLevel: 'high' }, why);
  }
}

/** Decides as {@link explain} does, from the traits of a plan. Never throws. */
export function explainTraits(traits: PlanTraits, terms: PolicyTerms): Explanation {
  const { policy } = terms;
  if (policy.kind === 'unreadable') {
    const why = `The policy cannot be used, so nothing is allowed: ${policy.error.message}`;
    return explainDenial(terms, traits, why);
  }
  try {
    return explainBy(policy, traits, terms);
  } catch (error) {
    return explainDenial(terms, traits, `The policy failed: ${describeCause(error)}.`);
  }
}

function explainBy(policy: UsablePolicy, traits: PlanTraits, terms: PolicyTerms): Explanation {
  const { requester, mode, now, purpose } = terms;
  const { rules, risk, limits, guarded } = policy.policy;
  const matter: Matter = { traits, riskLevel: traits.riskLevel, requester, purpose, now };
  const riskRules = risk.map((rule) => findRiskRule(rule, matter));
  const effective = effectiveRisk(traits.riskLevel, riskRules);
  const found = rules.map((rule) => findRule(rule, { ...matter, riskLevel: effective }));
  const counted = countLimits(limits, traits, purpose);
  const byRules =
    policy.kind === 'built_in'
      ? { ...NO_OBJECTION, reasons: ['No policy is configured: the action’s own settings apply.'] }
      : judgeRules({ path: policy.path, purpose, rules: found, riskRules, limits: counted });
  const asked = combineMode(combineVerdicts(byRules, judgeAction(traits)), mode, guarded);
  const shown = {
    policy: { kind: policy.kind, path: policy.path, version: policy.version },
    mode,
    purpose,
    byRules: byRules.kind,
    risk: { declared: traits.riskLevel, effective },
    rules: found,
    riskRules,
    limits: toRunLimits(limits, traits, purpose),
  };
  const verdict = requirePeople(asked, terms);
  return { decision: describeDecision(verdict, shown, now), ...shown };
}

/** Requires consent for an action with `requiresApproval`, independent of the rules: policy may require more, never less. */
function judgeAction({ action, requiresApproval }: PlanTraits): Verdict {
  if (!requiresApproval) return NO_OBJECTION;
  return needConsent(ANY_PERSON, `The action ${action} asks for the consent of a person.`);
}

/** Denies at once when no consent can ever come, so that the run does not wait until it expires. */
function requirePeople(verdict: Verdict, { requester }: PolicyTerms): Verdict {
  const { approval } = verdict;
  if (approval === null) return verdict;
  const approvers = approversOf(approval, requester);
  if (approvers === null || approvers.length >= approval.count) return verdict;
  const whose = approvers.length === 0 ? 'no person' : `only ${approvers.join(', ')}`;
  const needed = approval.count === 1 ? 'an approval is' : `${approval.count} approvals are`;
  const why = `It can never be approved: ${needed} needed, and ${whose} may give one.`;
  return combineVerdicts(verdict, deny(why));
}

function explainDenial(
  terms: PolicyTerms,
  traits: Pick<PlanTraits, 'riskLevel'>,
  reason: string,
): Explanation {
  const { policy, mode, now, purpose } = terms;
  const shown = {
    policy: { kind: policy.kind, path: policy.path, version: policy.version },
    mode,
    purpose,
    byRules: 'deny' as const,
    risk: { declared: traits.riskLevel, effective: traits.riskLevel },
    rules: [],
    riskRules: [],
    limits: { runsAtOnce: 0, runsPerHour: 0 },
  };
  return { decision: describeDecision(deny(reason), shown, now), ...shown };
}
