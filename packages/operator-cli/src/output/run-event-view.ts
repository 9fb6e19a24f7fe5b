import { toRequestTitle } from 'operator-core';
import type { Fact, SendResult } from 'operator-core';
import type {
  ConditionEvent,
  Holder,
  MovedFact,
  RecheckedEvent,
  RunEvent,
  RunRecord,
  VerifyingEvent,
} from 'operator-engine';
import { formatActor, formatCode, formatInstant } from './ledger-words.ts';
import { printableLine } from './printable.ts';
import { describeEntry } from './timeline-view.ts';
import { formatDuration } from './units.ts';
import { formatValue } from './value.ts';

type Step = Extract<
  RunEvent,
  {
    kind:
      | 'recorded'
      | 'decided'
      | 'waiting_for_approval'
      | 'held_by'
      | 'claimed'
      | 'joined'
      | 'entry'
      | 'recovering';
  }
>;

/** Lines for an event of a run. None when other lines show it already. */
export function describeEvent(
  event: Exclude<RunEvent, VerifyingEvent | ConditionEvent>,
): readonly string[] {
  switch (event.kind) {
    case 'rechecked':
      return describeRechecked(event);
    case 'sending':
      return [
        `Sending: ${printableLine(`${event.request.purpose} (${toRequestTitle(event.request)})`)}`,
      ];
    case 'sent':
      return [describeSent(event.result)];
    case 'settling':
      return [
        `The effect is there: ${printableLine(event.verification.summary)}`,
        ...(event.settleMs > 0
          ? [`It must still be there in ${formatDuration(event.settleMs)}.`]
          : []),
      ];
    case 'cancelling':
      return [
        `${formatActor(event.by)} requested a cancel: ${printableLine(event.reason)}`,
        event.action === null
          ? 'What was sent cannot be cancelled; watching its effect.'
          : `Cancelling what the system has in progress, by ${printableLine(event.action)}.`,
      ];
    case 'intended':
    case 'finished':
      return [];
    default:
      return describeStep(event);
  }
}

/** Lines for events of the ledger, the policy and other processes. */
function describeStep(event: Step): readonly string[] {
  switch (event.kind) {
    case 'recorded':
      return event.created
        ? [`Recorded as run ${event.runId}.`]
        : [`This is run ${event.runId}, made before; it is ${formatCode(event.run.state)}.`];
    case 'decided':
      return [
        `Policy: ${formatCode(event.decision.kind)}. ${event.decision.reasons.map(printableLine).join(' ')}`,
      ];
    case 'waiting_for_approval':
      return [`Waiting for approval: ${event.given.length} of ${event.needed} are given.`];
    case 'held_by':
      return event.holders.map(describeHolder);
    case 'claimed':
      return event.lease === null ? [] : ['Its lease is recorded before anything is sent.'];
    case 'joined':
      return [
        event.run.owner === null
          ? `Following run ${event.runId}, which is ${describeState(event.run)}.`
          : `Another process carries out run ${event.runId}; following it.`,
      ];
    case 'entry':
      return [`${formatInstant(event.entry.at)}  ${describeEntry(event.entry)}`];
    case 'recovering':
      return ['The process that carried it out is dead: reading its result.'];
  }
}

/** Following never begins a run, so the line says what the run waits for. */
function describeState({ state, expiresAt }: RunRecord): string {
  const until = `until ${formatInstant(expiresAt)}`;
  if (state === 'awaiting_approval') return `awaiting approval, ${until}`;
  if (state === 'approved') return `approved and waits ${until} for a runner`;
  return formatCode(state);
}

/** Holder of a resource that the run needs, and since when. */
function describeHolder({ resource, by, runId, requester, since }: Holder): string {
  const what = by === 'lease' ? 'the lease of run' : 'run';
  return `${printableLine(resource)} is held by ${what} ${runId} of ${formatActor(requester)} since ${formatInstant(since)}; waiting.`;
}

/** A fact that has moved, with both values in its unit. */
function describeRechecked({ reading, bound, moved }: RecheckedEvent): readonly string[] {
  if (reading === 'of_the_plan') return ['The system was read for the plan just now.'];
  const limit = moved.length > 0 ? ' by more than it admits' : '';
  return [
    `Read again just now: nothing that the plan relies on has changed${limit}.`,
    ...moved.map((fact) => describeMoved(fact, bound)),
  ];
}

function describeMoved({ fact, before, now }: MovedFact, bound: readonly Fact[]): string {
  const unit = bound.find(({ name }) => name === fact)?.unit;
  const [was, is] = [before, now].map((value) => formatValue(value, { unit }));
  return `${printableLine(fact)} was ${was} and is now ${is}, which the plan admits.`;
}

function describeSent(result: SendResult): string {
  switch (result.outcome) {
    case 'accepted':
      return `Accepted by the system (${formatAnswer(result)}). Accepted is not done.`;
    case 'refused':
      return `The system refused it (${formatAnswer(result)}).`;
    case 'not_sent':
      return `Not sent: ${printableLine(result.reason)}`;
    case 'unknown':
      return `It is unknown if the system accepted it: ${printableLine(result.reason)}`;
  }
}

/** The system's error text after its status, if any. */
export function formatAnswer({
  status,
  answer,
}: {
  readonly status?: number;
  readonly answer: string;
}): string {
  const words = printableLine(answer.trim());
  return status === undefined ? words : `${status}: ${words}`;
}
