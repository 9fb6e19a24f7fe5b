import { readFileSync, statSync } from 'node:fs';
import type { Plan } from 'operator-core';
import type { Actor } from '../ledger/actor.ts';
import type { Decision } from '../ledger/approval.ts';
import type { RunLimits } from '../ledger/claim.ts';
import type { Mode } from '../ledger/mode.ts';
import { decide } from '../policy/decide.ts';
import { loadPolicy, parsePolicy } from '../policy/load-policy.ts';
import type { LoadedPolicy, PurposeKind } from '../policy/policy.ts';
import { limitsFor } from '../policy/run-limits.ts';

const LARGEST = 1024 * 1024;

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
  let last: { readonly text: string; readonly policy: GatePolicy } | null = null;
  return () => {
    const text = readText(path);
    if (path === null || text === null) return toGatePolicy(loadPolicy(path));
    if (last?.text !== text) last = { text, policy: toGatePolicy(parsePolicy(text, path)) };
    return last.policy;
  };
}

/** `null` for what cannot be read: why, `loadPolicy` says. */
function readText(path: string | null): string | null {
  try {
    if (path === null || statSync(path).size > LARGEST) return null;
    return readFileSync(path, 'utf8').replace(/^\uFEFF/u, '');
  } catch {
    return null;
  }
}

function toGatePolicy(policy: LoadedPolicy): GatePolicy {
  return {
    version: policy.version,
    decide: (question) => decide({ ...question, policy, now: Date.now() }),
    limitsFor: (question) => limitsFor(policy, question),
  };
}
