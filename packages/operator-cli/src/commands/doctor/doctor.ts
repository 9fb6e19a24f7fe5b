import { toRemedy } from 'operator-core';
import { parseSimpleArguments } from '../../command/parse-arguments.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { examine } from './examine.ts';
import type { Finding } from 'operator-engine';
import { showHelp } from '../../command/help.ts';
import type { Look } from '../../output/output.ts';
import { formatRemedy } from '../../output/operation-words.ts';
import { printableLine } from '../../output/printable.ts';
import { reportList } from '../../output/report-list.ts';
import { padText, textWidth } from '../../output/text-width.ts';
import { formatValue } from '../../output/value.ts';

/** See `operator doctor --help`. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Find problems of configuration, plugins, ledger and systems, with remedies.',
  usage: '[flags]',
  flags: [],
  examples: [
    ['operator doctor', 'check every subject'],
    ['operator doctor --output json', 'the same for a program'],
  ],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  const scanned = parseSimpleArguments(invocation, 0);
  if (scanned.flags.has('help')) return showHelp(invocation);
  const { findings, exitCode } = await examine(invocation, readFlag(scanned, 'subject'));
  const ok = findings.every(({ state }) => state !== 'failed');
  reportList(output, {
    all: { format: 'operator.doctor/1', content: { ok, findings } },
    each: 'operator.finding/1',
    rows: findings,
    lines: () => formatFindings(findings, output.data),
  });
  return exitCode;
}

function formatFindings(findings: readonly Finding[], { style }: Look): readonly string[] {
  const paint = {
    ok: style.green,
    warning: style.yellow,
    failed: style.red,
    unknown: style.yellow,
  };
  const width = Math.max(...findings.map(({ check }) => textWidth(printableLine(check))));
  const lines: string[] = [];
  let subject: string | null = null;
  for (const finding of findings) {
    if (finding.subject !== subject) lines.push('', style.bold(finding.subject ?? ''));
    subject = finding.subject;
    const state = padText(paint[finding.state](finding.state), 8);
    const check = padText(printableLine(finding.check), width);
    lines.push(`${state} ${check}  ${printableLine(finding.message)}`);
    for (const [name, value] of Object.entries(finding.facts ?? {})) {
      lines.push(`${' '.repeat(width + 11)}${printableLine(name)}: ${formatValue(value)}`);
    }
    if (finding.remedy !== undefined) {
      lines.push(
        `${' '.repeat(width + 11)}→ ${printableLine(formatRemedy(toRemedy(finding.remedy)))}`,
      );
    }
  }
  return [...lines, '', summarize(findings)];
}

function summarize(findings: readonly Finding[]): string {
  const count = (wanted: Finding['state']): number =>
    findings.filter(({ state }) => state === wanted).length;
  if (findings.every(({ state }) => state === 'ok')) return `All ${findings.length} checks are ok.`;
  return `${findings.length} checks: ${count('failed')} failed, ${count('warning')} with a warning, ${count('unknown')} unknown.`;
}
