import { toRequestTitle } from 'operator-core';
import type {
  Approval,
  ConditionReading,
  JournaledRequest,
  RunCondition,
  RunDetails,
  RunRecord,
  RunState,
} from 'operator-engine';
import { formatActor, formatCode, formatInstant } from './ledger-words.ts';
import type { Look } from './output.ts';
import { formatSystem } from './plan-view.ts';
import { wallNow } from '../process/wall-clock.ts';
import { printableLine } from './printable.ts';
import { formatAnswer } from './run-event-view.ts';
import type { Style } from './style.ts';
import { formatDuration } from './units.ts';
import { formatPairs, formatTable } from './table.ts';

/** Runs as a table. */
export function formatRuns(runs: readonly RunRecord[], look: Look): readonly string[] {
  if (runs.length === 0) return ['none'];
  const titles = ['Run', 'State', 'Subject', 'What', 'By', 'Made'];
  const rows = runs.map((run) => [
    run.id,
    describeRunState(run),
    run.subject,
    printableLine(run.summary) + formatPurpose(run),
    formatActor(run.requester),
    formatInstant(run.createdAt),
  ]);
  return formatTable({ columns: titles.map((title) => ({ title })), rows }, look);
}

/** Head of the page of a run: identity and state. */
export function formatRunHead(run: RunRecord, { style }: Look): readonly string[] {
  const { decision, cancel } = run;
  const pairs: (readonly [string, string])[] = [
    ['Run', style.bold(run.id)],
    ['State', formatState(run, style)],
    ['What', printableLine(run.summary) + formatPurpose(run)],
    ['Action', printableLine(`${run.action} (risk ${run.riskLevel})`)],
    ['Subject', printableLine(`${run.subject} (${formatSystem(run.system)})`)],
    ['Asked by', `${formatActor(run.requester)}, ${formatInstant(run.createdAt)}`],
  ];
  if (decision !== null) {
    const reasons = decision.reasons.map(printableLine).join(' ');
    pairs.push(['Policy', `${formatCode(decision.kind)}: ${reasons}`]);
  }
  if (isWaiting(run.state)) pairs.push(['Expires', formatInstant(run.expiresAt)]);
  if (run.startedAt !== null) pairs.push(['Begun', formatInstant(run.startedAt)]);
  if (run.endedAt !== null) pairs.push(['Over', formatInstant(run.endedAt)]);
  if (run.owner !== null) pairs.push(['Carried out by', printableLine(run.owner)]);
  if (run.condition !== null) pairs.push(...formatCondition(run.condition));
  if (cancel !== null) {
    const who = `${formatActor(cancel.by)}, ${formatInstant(cancel.at)}`;
    pairs.push(['Asked to stop', `${who}: ${printableLine(cancel.reason)}`]);
  }
  return formatPairs(pairs);
}

/** State of a run in a list: a proven run with a condition that did not hold has fixed nothing. */
function describeRunState({ state, condition }: RunRecord): string {
  const isOpen = state !== 'succeeded' || condition === null;
  return isOpen || condition.after?.holds === true
    ? formatCode(state)
    : `${formatCode(state)}, not fixed`;
}

function formatCondition(condition: RunCondition): readonly (readonly [string, string])[] {
  const { text, withinMs, before, after } = condition;
  const pairs: (readonly [string, string])[] = [
    ['Until', `${printableLine(text)}, within ${formatDuration(withinMs)}`],
    ['Before', describeReading(before)],
  ];
  return after === null ? pairs : [...pairs, ['Afterwards', describeReading(after)]];
}

function describeReading({ holds, summary }: ConditionReading): string {
  const word = holds === null ? 'not known' : holds ? 'holds' : 'does not hold';
  return printableLine(`${word} (${summary.replace(/\.$/u, '')})`);
}

/** The consent of people that a run has, a line each. */
export function formatApprovals({ approvals, decision }: RunDetails): readonly string[] {
  const needed = decision?.approval?.count;
  if (needed === undefined && approvals.length === 0) return [];
  const lines = approvals.map((approval) => {
    const { approver, givenAt, comment } = approval;
    const said = comment === null ? '' : `: ${printableLine(comment)}`;
    return `${formatActor(approver)}, ${formatInstant(givenAt)}, ${describeWorth(approval)}${said}`;
  });
  const counted = approvals.filter(
    (approval) => !isExpired(approval) && approval.unproven === null,
  );
  return [`${counted.length} of ${needed ?? 0} needed`, ...lines];
}

function describeWorth(approval: Approval): string {
  const { consumedAt, expiresAt, unproven } = approval;
  const doubt = unproven === null ? '' : `, not proven (${printableLine(unproven)})`;
  if (consumedAt !== null) return `used${doubt}`;
  if (unproven !== null && !isExpired(approval)) return `not proven (${printableLine(unproven)})`;
  const word = isExpired(approval) ? 'expired' : 'holds until';
  return `${word} ${formatInstant(expiresAt)}`;
}

/** True when a consent does not count, and never did. */
function isExpired({ consumedAt, expiresAt }: Approval): boolean {
  return consumedAt === null && Date.parse(expiresAt) <= wallNow();
}

/** The requests of the plan with their results, a line each. */
export function formatJournal({ plan, requests }: RunDetails): readonly string[] {
  return plan.requests.map((request, index) => {
    const journaled = requests.find((one) => one.index === index);
    const what = printableLine(`${request.purpose} (${toRequestTitle(request)})`);
    return `${index + 1}. ${what}: ${describeOutcome(journaled)}`;
  });
}

/** Colour of a state: failed, succeeded or open. */
function formatState({ state, reason }: RunRecord, style: Style): string {
  const word = formatCode(state);
  const painted = style.bold(paintOf(state, style)(word));
  return reason === null ? painted : `${painted}: ${printableLine(reason)}`;
}

function paintOf(state: RunState, style: Style): (text: string) => string {
  if (state === 'succeeded' || state === 'undone') return style.green;
  return ['failed', 'partly_done', 'ineffective', 'refused', 'rejected'].includes(state)
    ? style.red
    : style.yellow;
}

function describeOutcome(journaled: JournaledRequest | undefined): string {
  if (journaled === undefined) return 'never sent';
  const { result, intendedAt } = journaled;
  const when = formatInstant(intendedAt);
  if (result === null) return `begun ${when}, no result recorded`;
  switch (result.outcome) {
    case 'accepted':
    case 'refused':
      return `${result.outcome} ${when} (${formatAnswer(result)})`;
    case 'not_sent':
      return `not sent: ${printableLine(result.reason)}`;
    case 'unknown':
      return `sent ${when}, answer unknown: ${printableLine(result.reason)}`;
  }
}

function formatPurpose({ purpose }: RunRecord): string {
  return purpose.kind === 'change' ? '' : ` (${formatCode(purpose.kind)} of ${purpose.of})`;
}

function isWaiting(state: RunState): boolean {
  return state === 'planned' || state === 'awaiting_approval' || state === 'approved';
}
