import type { Plan } from 'operator-core';
import type { Actor } from '../ledger/actor.ts';
import type { Decision } from '../ledger/approval.ts';
import type { RunLimits } from '../ledger/claim.ts';
import type { Mode } from '../ledger/mode.ts';
import { decide } from '../policy/decide.ts';
import { createPolicyLoader } from '../policy/load-policy.ts';
import type { LoadedPolicy, PurposeKind } from '../policy/policy.ts';
import { limitsFor } from '../policy/run-limits.ts';

/** What policy is asked about. */
export interface PolicyQuestion {
  readonly plan: Plan;
  readonly requester: Actor;
  readonly purpose: PurposeKind;
  readonly mode: Mode;
}

/** The policy as it was when it was read. */
export interface GatePolicy {
  /** Another one for other rules: a decision or an approval under another version does not count. */
  readonly version: string;
  decide(question: PolicyQuestion): Decision;
  /** What a run of this plan is counted against. */
  limitsFor(question: Pick<PolicyQuestion, 'plan' | 'purpose'>): RunLimits;
}

/**
 * Makes the reader of a policy: each call reads the file again, and takes it apart again only when its
 * text has changed. Without a path the actions' own words count. Never throws.
 */
export function createPolicyReader(path: string | null): () => GatePolicy {
  const load = createPolicyLoader(path);
  return () => toGatePolicy(load());
}

function toGatePolicy(policy: LoadedPolicy): GatePolicy {
  return {
    version: policy.version,
    decide: (question) => decide({ ...question, policy, now: Date.now() }),
    limitsFor: (question) => limitsFor(policy, question),
  };
}
