import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type { AuditEntry, RunDetails } from 'operator-engine';
import { formatRule, paintDecision } from './explanation-view.ts';
import { formatFacts } from './facts-view.ts';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';
import { formatSeen } from './run-page.ts';
import { formatApprovals, formatJournal, formatRunHead } from './run-view.ts';
import { section } from './section.ts';
import { formatPairs } from './table.ts';
import { formatEntries } from './timeline-view.ts';
import { formatValue } from './value.ts';

/** Lines that explain a decision: the rule that allowed or denied the run, the evidence and the consents. */
export function formatRunReasons(
  { details, entries }: { details: RunDetails; entries: readonly AuditEntry[] },
  look: Look,
): readonly string[] {
  const { style } = look;
  const { bound, shown } = details.plan.evidence;
  return [
    ...formatRunHead(details, look),
    ...section('What was decided', formatDecided(details, look), style),
    ...section('Consent', formatApprovals(details), style),
    ...section('On this evidence, read when it was planned', formatFacts(bound), style),
    ...section('Also read', formatFacts(shown), style),
    ...section('What was sent', formatJournal(details), style),
    ...section('What was seen afterwards', formatSeen(details.detail), style),
    ...section('As the audit has it', formatEntries(entries, { isMixed: true }), style),
  ];
}

function formatDecided({ decision }: RunDetails, { style }: Look): readonly string[] {
  if (decision === null) return ['nothing yet'];
  const { details = {} } = decision;
  const policy = isJsonObject(details['policy']) ? details['policy'] : {};
  return [
    ...formatPairs([
      ['Decision', paintDecision(decision, style)],
      ['Because', decision.reasons.map(printableLine).join(' ')],
      ['Approvals', formatRule(decision)],
      ['Policy', formatValue(policy['path'] ?? 'none: the actions’ own approval settings apply')],
      ['Version', printableLine(decision.policyVersion)],
      ['Mode', formatValue(details['mode'])],
      ['Risk', formatRisk(details['risk'])],
    ]),
    ...formatRules(details['rules']),
  ];
}

function formatRules(rules: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: JsonValue) => {
    if (!isJsonObject(rule)) return [];
    const { id, line, error, found } = rule;
    const wrong = error === undefined ? '' : `, which went wrong: ${formatValue(error)}`;
    return [
      `Rule ${formatValue(id)} (line ${formatValue(line)})${wrong}`,
      ...(isJsonObject(found) ? formatFound(found) : []),
    ];
  });
}

function formatFound(found: JsonObject): readonly string[] {
  return Object.entries(found).map(
    ([condition, value]) => `  ${printableLine(condition)}: ${formatValue(value)}`,
  );
}

function formatRisk(risk: JsonValue | undefined): string {
  if (!isJsonObject(risk)) return '–';
  const { declared, effective } = risk;
  if (declared === effective) return formatValue(effective);
  return `${formatValue(effective)}, raised from ${formatValue(declared)}`;
}
