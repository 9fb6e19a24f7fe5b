import { basename } from 'node:path';
import { DECISION_KINDS } from '../ledger/approval.ts';
import type { RiskFinding, RuleFinding } from './explanation.ts';
import type { CountedLimit } from './run-limits.ts';
import { combineVerdicts, deny, needConsent, NO_OBJECTION } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import type { PurposeKind } from './policy-words.ts';

/** All findings of a policy's file on a plan. */
export interface Findings {
  readonly path: string;
  readonly purpose: PurposeKind;
  readonly rules: readonly RuleFinding[];
  readonly riskRules: readonly RiskFinding[];
  readonly limits: readonly CountedLimit[];
}

const STRICTEST_FIRST = DECISION_KINDS.toReversed();

/**
 * Verdict of all rules of a file: deny before needs_approval before allow; deny without a matching
 * rule, or when one could not be evaluated. Reasons stand strictest first, then in the file's order.
 */
export function judgeRules(findings: Findings): Verdict {
  const { path, rules, riskRules, limits } = findings;
  const failed = [...rules, ...riskRules].flatMap(({ error, ...rule }) =>
    error === null ? [] : [deny(`${nameOf(rule, path)} cannot be evaluated: ${error}.`)],
  );
  const objections = limits.flatMap(({ limit, objection }) =>
    objection === null ? [] : [deny(`Limit (${placeOf(limit, path)}): ${objection}`)],
  );
  const matched = rules.filter((rule) => rule.matched && rule.error === null);
  const said = STRICTEST_FIRST.flatMap((kind) =>
    matched.filter(({ decision }) => decision === kind),
  );
  const verdicts =
    said.length === 0 ? [judgeNoRule(findings)] : said.map((rule) => toVerdict(rule, path));
  return [...failed, ...objections, ...verdicts].reduce(combineVerdicts, NO_OBJECTION);
}

function toVerdict(rule: RuleFinding, path: string): Verdict {
  const says = (what: string): string => `${nameOf(rule, path)} ${what}: ${rule.reason}`;
  if (rule.decision === 'deny') return deny(says('denies'));
  if (rule.decision === 'allow') return { ...NO_OBJECTION, reasons: [says('allows')] };
  // A rule that asks for consent without approvers cannot come from a file; then no person may approve.
  if (rule.approval === null) return deny(says('asks for approvals that it does not name'));
  const { count } = rule.approval;
  return needConsent(
    rule.approval,
    says(`asks for ${count} ${count === 1 ? 'approval' : 'approvals'}`),
  );
}

function judgeNoRule({ path, purpose }: Findings): Verdict {
  if (purpose === 'lease_end' || purpose === 'cancel') {
    return {
      ...NO_OBJECTION,
      reasons: ['It ends an effect that was allowed, and no rule forbids it.'],
    };
  }
  return deny(`No rule of ${basename(path)} allows it.`);
}

function nameOf(rule: { id: string; line: number }, path: string): string {
  return `Rule ${rule.id} (${placeOf(rule, path)})`;
}

function placeOf({ line }: { line: number }, path: string): string {
  return `${basename(path)}:${line}`;
}
