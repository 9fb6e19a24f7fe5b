import { advise, nearestNames, OperatorError } from 'operator-core';
import { operations } from '../errors/operations.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findUnknownNames } from '../policy/find-unknown-names.ts';
import type { KnownNames } from '../policy/find-unknown-names.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { toFailure } from './finding.ts';
import type { Finding, SharedFinding } from './finding.ts';

/** Checks that the policy can be read. */
export function examinePolicy(policy: LoadedPolicy): SharedFinding {
  const check = 'policy';
  if (policy.kind === 'unreadable') {
    const { message, code } = policy.error;
    const remedy = OperatorError.remedyOf(policy.error);
    const why = advise`Until fixed, nothing is allowed. ${remedy}`;
    return { check, state: 'failed', message: `${code}: ${message}`, remedy: why };
  }
  if (policy.kind === 'built_in') {
    const message =
      'No policy configured: the actions’ own approval settings and the default limits apply.';
    return { check, state: 'ok', message };
  }
  const { rules, tests } = policy.policy;
  const message = `${policy.path} is sound (${rules.length} rules, ${tests.length} tests).`;
  return { check, state: 'ok', message };
}

/** Checks that the ledger is bound to the policy of the configuration; nothing where it is. */
export async function examineBinding({ policy }: Ledger): Promise<readonly SharedFinding[]> {
  try {
    await policy.check();
    return [];
  } catch (error) {
    return [toFailure('policy', error)];
  }
}

/** Warns when this process cannot tell the owners of files: then no consent counts, and no run of another user is started. */
export function examineOwners(whyUnknown: string | null): readonly SharedFinding[] {
  if (whyUnknown === null) return [];
  const message = `This process cannot prove requesters and approvers: ${whyUnknown}.`;
  const remedy = advise`Approve, and run ${operations.watch}, outside of containers with mapped user ids, where /proc can be read.`;
  return [{ check: 'identity', state: 'warning', message, remedy }];
}

/** Findings about names in the policy: a rule with an unknown name never matches. */
export function examineNames(policy: LoadedPolicy, known: KnownNames): readonly Finding[] {
  if (policy.kind !== 'file') return [];
  return findUnknownNames(policy.policy, known).map(({ rule, condition, name, line }) => {
    const [nearest] = nearestNames(name, known[condition]);
    const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return {
      subject: null,
      check: 'policy',
      state: 'warning',
      message: `${policy.path}:${line}: rule ${rule} names the ${condition} ${name}, which does not exist.`,
      remedy: `Until fixed, this rule never matches.${guess}`,
    };
  });
}
