import type { Plan } from 'operator-core';
import type { Clock } from '../clock/clock.ts';
import type { Actor } from '../ledger/actor.ts';
import { stricterDecision } from '../ledger/approval.ts';
import type { Decision } from '../ledger/approval.ts';
import type { RunLimits } from '../ledger/claim.ts';
import type { Mode } from '../ledger/mode.ts';
import { decide } from '../policy/decide.ts';
import type { Environment } from '../identity/environment.ts';
import { createPolicyLoader } from '../policy/load-policy.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import type { PurposeKind } from '../policy/policy-words.ts';
import { limitsFor } from '../policy/run-limits.ts';

/** Input of a policy decision. */
export interface PolicyQuestion {
  readonly plan: Plan;
  readonly requester: Actor;
  readonly purpose: PurposeKind;
  readonly mode: Mode;
  /** Milliseconds since the epoch of the time that rules ask for. Default: now. */
  readonly at?: number;
}

/** The policy as it was when it was read. */
export interface GatePolicy {
  /** Another one for other rules: a decision or an approval under another version does not count. */
  readonly version: string;
  decide(question: PolicyQuestion): Decision;
  /** Limits that apply to a run of this plan. */
  limitsFor(question: Pick<PolicyQuestion, 'plan' | 'purpose'>): RunLimits;
}

/**
 * Makes the reader of a policy: each call reads the file again, and takes it apart again only when its
 * text has changed. Without a path the actions' own words count. Never throws.
 */
export function createPolicyReader(
  path: string | null,
  { clock, env }: { clock: Clock; env: Environment },
): () => GatePolicy {
  const load = createPolicyLoader(path, env);
  return () => toGatePolicy(load(), clock);
}

function toGatePolicy(policy: LoadedPolicy, clock: Clock): GatePolicy {
  return {
    version: policy.version,
    // Rules may name times of day. While the time is in doubt the strictest answer counts.
    decide: ({ at, ...question }) =>
      (at === undefined ? clock.candidates() : [at])
        .map((now) => decide({ ...question, policy, now }))
        .reduce(stricterDecision),
    limitsFor: (question) => limitsFor(policy, question),
  };
}
