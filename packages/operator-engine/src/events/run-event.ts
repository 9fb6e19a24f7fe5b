import type { Fact, JsonValue, TargetedRequest, SendResult, Verification } from 'operator-core';
import type { Clock } from '../clock/clock.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Approval, Decision } from '../ledger/approval.ts';
import type { AuditEntry } from '../ledger/audit-log.ts';
import type { Holder } from '../ledger/claim.ts';
import type { Lease } from '../ledger/lease.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import type { RunResult } from './run-result.ts';

/**
 * The caller of `run` and `apply` sets the pace: the run continues after an event only when the next one is requested.
 * Only the heartbeat of the run does not depend on the caller. A run that was started by `EngineRuns.start` waits for no caller.
 */
export type RunEvent =
  | RecordedEvent
  | DecidedEvent
  | WaitingEvent
  | RecheckedEvent
  | HeldEvent
  | ClaimedEvent
  | JoinedEvent
  | EntryEvent
  | RecoveringEvent
  | SendingEvent
  | IntendedEvent
  | SentEvent
  | VerifyingEvent
  | SettlingEvent
  | ConditionEvent
  | CancellingEvent
  | FinishedEvent;

/** An event as the steps of the gate make it, before the run stamps it. */
export type EventContent<Event extends RunEvent> = Event extends RunEvent
  ? Omit<Event, 'runId' | 'at'>
  : never;

/** Steps of a run, as they tell of themselves, and what they come to. */
export type Steps<Result> = AsyncGenerator<EventContent<RunEvent>, Result>;

interface RunEventBase {
  readonly runId: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** The run stands in the ledger. */
export interface RecordedEvent extends RunEventBase {
  readonly kind: 'recorded';
  /** `false`: the same plan, or the same idempotency key, had this run already. */
  readonly created: boolean;
  readonly run: RunRecord;
}

/** Policy has decided. */
export interface DecidedEvent extends RunEventBase {
  readonly kind: 'decided';
  readonly run: RunRecord;
  readonly decision: Decision;
}

/** The consent of people is missing; the run waits for it in the ledger. */
export interface WaitingEvent extends RunEventBase {
  readonly kind: 'waiting_for_approval';
  readonly run: RunRecord;
  readonly needed: number;
  readonly given: readonly Approval[];
}

/** A bound fact that has another value than the plan, one that its tolerance admits. */
export interface MovedFact {
  readonly fact: string;
  readonly before: JsonValue;
  readonly now: JsonValue;
}

/** The plan still holds. */
export interface RecheckedEvent extends RunEventBase {
  readonly kind: 'rechecked';
  /**
   * `again`: the plan was made again and came out the same. `of_the_plan`: this process made it a moment ago, so that its
   * own reading counts.
   */
  readonly reading: 'again' | 'of_the_plan';
  /** The facts that still hold. */
  readonly bound: readonly Fact[];
  /** Those of them that have another value now, within their tolerance. */
  readonly moved: readonly MovedFact[];
}

/** Other runs are in the way; it waits for its turn. */
export interface HeldEvent extends RunEventBase {
  readonly kind: 'held_by';
  readonly holders: readonly Holder[];
}

/** The run is this process's: locks and lease are written. */
export interface ClaimedEvent extends RunEventBase {
  readonly kind: 'claimed';
  readonly run: RunRecord;
  readonly fence: number;
  /** The lease of its standing effect, or `null`. */
  readonly lease: Lease | null;
}

/** Another process carries the run out; from here on it is only followed. */
export interface JoinedEvent extends RunEventBase {
  readonly kind: 'joined';
  readonly run: RunRecord;
}

/** Event from the ledger about a run that is followed. */
export interface EntryEvent extends RunEventBase {
  readonly kind: 'entry';
  readonly entry: AuditEntry;
}

/** The process that carried the run out is dead; this one settles it by reading. */
export interface RecoveringEvent extends RunEventBase {
  readonly kind: 'recovering';
  readonly run: RunRecord;
}

/** The request is about to be sent: nothing of it was written down yet, nothing has left. */
export interface SendingEvent extends RunEventBase {
  readonly kind: 'sending';
  /** Place of the request in the plan, from 0. */
  readonly index: number;
  readonly request: TargetedRequest;
}

/** It is on disk that the request will be sent; nothing of it has left yet. */
export interface IntendedEvent extends RunEventBase {
  readonly kind: 'intended';
  readonly index: number;
  readonly request: TargetedRequest;
}

/** Result of a request, recorded in the ledger. */
export interface SentEvent extends RunEventBase {
  readonly kind: 'sent';
  readonly index: number;
  readonly request: TargetedRequest;
  readonly result: SendResult;
}

/** One look at the effect. */
export interface VerifyingEvent extends RunEventBase {
  readonly kind: 'verifying';
  /** Result of the look, or `null` when nothing could be seen. */
  readonly verification: Verification | null;
  /** Reason for which the read failed; `null`: it did not. */
  readonly unreadable: string | null;
  readonly elapsedMs: number;
  readonly deadlineMs: number;
}

/** The effect is there; it must still be after `settleMs`. */
export interface SettlingEvent extends RunEventBase {
  readonly kind: 'settling';
  readonly verification: Verification;
  readonly settleMs: number;
}

/** One reading of the run's condition, after the effect was proven. */
export interface ConditionEvent extends RunEventBase {
  readonly kind: 'condition';
  readonly text: string;
  /** `null`: what was read does not tell. */
  readonly holds: boolean | null;
  /** One sentence: what was read. */
  readonly summary: string;
  readonly elapsedMs: number;
  readonly withinMs: number;
}

/** A cancel was requested after something had been sent. */
export interface CancellingEvent extends RunEventBase {
  readonly kind: 'cancelling';
  readonly by: Actor;
  readonly reason: string;
  /** The action that cancels what the system has in progress; `null`: there is none. */
  readonly action: string | null;
}

/** Always the last. */
export interface FinishedEvent extends RunEventBase {
  readonly kind: 'finished';
  readonly result: RunResult;
}

/** Run that events are about, and the clock that dates them. */
export interface EventSource {
  readonly id: string;
  readonly clock: Clock;
}

/** Gives the events of one run its id and their time, and hands the steps' result on. */
export async function* toRunEvents<Result>(
  run: EventSource,
  events: Steps<Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      yield toRunEvent(run, next.value);
    }
  } finally {
    // A caller that stops asking ends the steps too. Ended ones take no notice.
    await events.return(undefined as Result);
  }
}

/** An event with its run and its time. */
export function toRunEvent({ id, clock }: EventSource, content: EventContent<RunEvent>): RunEvent {
  return { runId: id, at: clock.iso(), ...content };
}
