import { isJsonObject } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { AuditEntry, RunDetails } from 'operator-engine';
import { formatJsonFacts } from './error-view.ts';
import { formatFacts } from './facts-view.ts';
import { formatLeases } from './lease-view.ts';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';
import { formatApprovals, formatJournal, formatRunHead } from './run-view.ts';
import { section } from './section.ts';
import { formatEntries } from './timeline-view.ts';

/** All records of a run, in lines. */
export function formatRunPage(
  { run, events }: { run: RunDetails; events: readonly AuditEntry[] },
  look: Look,
): readonly string[] {
  const { style } = look;
  const { evidence } = run.plan;
  return [
    ...formatRunHead(run, look),
    ...section('Approvals', formatApprovals(run), style),
    ...section('Lease', run.lease === null ? [] : formatLeases([run.lease], look), style),
    ...section(
      'Read before it was sent',
      formatFacts([...evidence.bound, ...evidence.shown]),
      style,
    ),
    ...section('Requests', formatJournal(run), style),
    ...section('Seen afterwards', formatSeen(run.detail), style),
    ...section('What happened', formatEntries(events, { isMixed: false }), style),
  ];
}

/** The last look at the effect. */
export function formatSeen(detail: JsonObject): readonly string[] {
  const { verification } = detail;
  if (!isJsonObject(verification)) return [];
  const { summary, facts } = verification;
  return [
    ...(typeof summary === 'string' ? [printableLine(summary)] : []),
    ...(isJsonObject(facts) ? formatJsonFacts(facts) : []),
  ];
}
