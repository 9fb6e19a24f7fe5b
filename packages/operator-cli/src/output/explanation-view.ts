import type { ConditionFinding, Decision, Explanation, RuleFinding } from 'operator-engine';
import { formatApprovers } from './approvers-view.ts';
import { formatCode } from './ledger-words.ts';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';
import { section } from './section.ts';
import type { Style } from './style.ts';
import { formatPairs } from './table.ts';
import { formatValue } from './value.ts';

/** A decision with all its reasons, in lines. */
export function formatExplanation(explanation: Explanation, { style }: Look): readonly string[] {
  const { decision, policy, mode, risk, rules, riskRules, limits } = explanation;
  const raised =
    risk.effective === risk.declared ? '' : `, raised from ${risk.declared} by the policy`;
  const file =
    policy.path === null ? 'none: the actions’ own approval settings apply' : policy.path;
  return [
    ...formatPairs([
      ['Decision', paintDecision(decision, style)],
      ['Because', decision.reasons.map(printableLine).join(' ')],
      ['Approvals', formatRule(decision)],
      ['Risk', `${risk.effective}${raised}`],
      ['Mode', mode],
      ['Policy', printableLine(file)],
      ['Version', printableLine(policy.version)],
    ]),
    ...section(
      'Rules',
      rules.flatMap((rule) => formatFinding(rule, formatCode(rule.decision))),
      style,
    ),
    ...section(
      'Rules about risk',
      riskRules.flatMap((rule) => formatFinding(rule, `risk is ${rule.raiseTo} at least`)),
      style,
    ),
    ...section(
      'Limits that apply when it starts',
      formatPairs(Object.entries(limits).map(([name, value]) => [name, formatValue(value)])),
      style,
    ),
  ];
}

/** `allow`, `needs approval` or `deny`, in its colour. */
export function paintDecision({ kind }: Pick<Decision, 'kind'>, style: Style): string {
  const paint = { allow: style.green, needs_approval: style.yellow, deny: style.red }[kind];
  return style.bold(paint(formatCode(kind)));
}

/** Approvers that a decision asks for. */
export function formatRule({ approval }: Decision): string {
  if (approval === undefined) return 'none';
  return `${approval.count} of ${formatApprovers(approval)}`;
}

type Finding = Pick<RuleFinding, 'id' | 'line' | 'reason' | 'matched' | 'conditions' | 'error'>;

function formatFinding(rule: Finding, then: string): readonly string[] {
  const word = rule.matched ? 'matches' : 'does not match';
  const head = `${printableLine(rule.id)} (line ${rule.line}) ${word} → ${then}: ${printableLine(rule.reason)}`;
  const error = rule.error === null ? [] : [`  went wrong: ${printableLine(rule.error)}`];
  return [head, ...rule.conditions.map(formatCondition), ...error];
}

function formatCondition({ condition, holds, wanted, found }: ConditionFinding): string {
  return `  ${formatCode(condition)}: ${holds}, wants ${formatValue(wanted)}, finds ${formatValue(found)}`;
}
