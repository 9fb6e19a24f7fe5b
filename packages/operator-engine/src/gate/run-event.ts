import type { Fact, PlannedRequest, SendResult, Verification } from 'operator-core';
import type { RunResult } from './run-result.ts';

/**
 * The caller holds the pace: whatever follows an event happens only after the next one was asked for.
 * So writing each event down before asking on is journaling before acting.
 */
export type RunEvent =
  | RecheckedEvent
  | SendingEvent
  | SentEvent
  | VerifyingEvent
  | SettlingEvent
  | FinishedEvent;

/** An event as the steps of the gate make it, before the run stamps it. */
export type EventContent<Event extends RunEvent> = Event extends RunEvent
  ? Omit<Event, 'runId' | 'at'>
  : never;

interface RunEventBase {
  readonly runId: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** The plan was made again and came out the same. */
export interface RecheckedEvent extends RunEventBase {
  readonly kind: 'rechecked';
  /** The facts that still hold. */
  readonly bound: readonly Fact[];
}

/** The request is about to be sent: nothing of it has left yet. */
export interface SendingEvent extends RunEventBase {
  readonly kind: 'sending';
  /** Place of the request in the plan, from 0. */
  readonly index: number;
  readonly request: PlannedRequest;
}

/** What became of a request. */
export interface SentEvent extends RunEventBase {
  readonly kind: 'sent';
  readonly index: number;
  readonly request: PlannedRequest;
  readonly result: SendResult;
}

/** One look at the effect. */
export interface VerifyingEvent extends RunEventBase {
  readonly kind: 'verifying';
  /** What was seen, or `null` when nothing could be seen. */
  readonly verification: Verification | null;
  /** Why nothing could be seen, or `null`. */
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

/** Always the last. */
export interface FinishedEvent extends RunEventBase {
  readonly kind: 'finished';
  readonly result: RunResult;
}
