import type { Plan } from 'operator-core';
import type { Decision } from '../ledger/approval.ts';
import { explain } from './explain.ts';
import type { PolicyTerms } from './explain.ts';

/**
 * Decides about a plan for this requester, now, in this mode. Never throws: an unreadable policy,
 * an error in a rule and a plan that cannot be looked at deny.
 */
export function decide(question: PolicyTerms & { readonly plan: Plan }): Decision {
  return explain(question).decision;
}
