import type { OperatorError, Verification } from 'operator-core';
import type { EngineLimits } from '../config/limits.ts';
import type { Look, Looker } from './look.ts';
import { isAborted, pause } from '../base/signals.ts';
import type { EventContent, SettlingEvent, VerifyingEvent } from '../events/run-event.ts';

/** Options for polling an effect. */
export interface PollOptions {
  /** Start of the time until the deadline, by `performance.now()`. */
  readonly startedAt: number;
  /** Wait before the first look, in milliseconds. */
  readonly firstLookMs: number;
  readonly deadlineMs: number;
  readonly settleMs: number;
  /** True when an answer was lost: a request may then still be on its way. */
  readonly answerLost: boolean;
  readonly limits: EngineLimits;
  readonly signal: AbortSignal | undefined;
}

/**
 * Result of polling. `unseen`: the last read failed. `out_of_time`: the effect was not in force at the
 * deadline. `interrupted`: the caller ended it.
 */
export interface PollResult {
  readonly end:
    | 'reached'
    | 'failed'
    | 'reverted'
    | 'superseded'
    | 'out_of_time'
    | 'unseen'
    | 'interrupted';
  /** The last verification that could be read. */
  readonly verification: Verification | null;
  /** Error of the last read, for `unseen`. */
  readonly error: OperatorError | null;
  /** True when the effect was seen at least once. */
  readonly wasReached: boolean;
}

type PollEvent = EventContent<VerifyingEvent> | EventContent<SettlingEvent>;

const MOST_BROKEN_LOOKS = 3;
const SETTLE_PATIENCE_MS = 10_000;

/** Polls until the effect holds, has failed, or the time is over. Never throws. */
export async function* pollEffect(
  look: Looker,
  options: PollOptions,
): AsyncGenerator<PollEvent, PollResult> {
  const poll = new Poll(options);
  if (!(await pause(options.firstLookMs, options.signal))) return poll.end('interrupted');
  while (!poll.isSeen) {
    const seen = await look(poll.patienceMs);
    if (poll.isInterrupted) return poll.end('interrupted');
    poll.note(seen);
    yield poll.event(seen);
    if (poll.hasFailed) return poll.end(poll.failure);
    if (poll.isBroken) return poll.end('unseen');
    if (poll.isSeen) break;
    if (poll.isOver) return poll.end(isTold(seen) ? 'out_of_time' : 'unseen');
    if (!(await poll.rest())) return poll.end('interrupted');
  }
  return yield* hold(look, poll);
}

/** The effect must still be there after the settle time: a system's own checkers may take it back. */
async function* hold(look: Looker, poll: Poll): AsyncGenerator<PollEvent, PollResult> {
  const { settleMs, signal } = poll.options;
  const { last } = poll;
  if (settleMs === 0 || last === null) return poll.end('reached');
  yield { kind: 'settling', verification: last, settleMs };
  if (!(await pause(settleMs, signal))) return poll.end('interrupted');
  poll.extend(SETTLE_PATIENCE_MS);
  for (;;) {
    const seen = await look(poll.patienceMs);
    if (poll.isInterrupted) return poll.end('interrupted');
    poll.note(seen);
    yield poll.event(seen);
    if (isTold(seen)) {
      return poll.end(poll.isSeen ? 'reached' : poll.failure);
    }
    if (poll.isBroken || poll.isOver) return poll.end('unseen');
    if (!(await poll.rest())) return poll.end('interrupted');
  }
}

/** True when the system could be read and showed if the effect is in force. */
function isTold({ verification }: Look): boolean {
  return verification !== null && verification.state !== 'unknown';
}

/** State of a poll: results so far, and the time left. */
class Poll {
  readonly options: PollOptions;
  last: Verification | null = null;
  #error: OperatorError | null = null;
  #wasReached = false;
  #brokenLooks = 0;
  #pauseMs: number;
  #endsAt: number;

  constructor(options: PollOptions) {
    this.options = options;
    this.#pauseMs = options.limits.pollMs;
    this.#endsAt = options.startedAt + options.deadlineMs;
  }

  get isInterrupted(): boolean {
    return isAborted(this.options.signal);
  }

  get isSeen(): boolean {
    return this.last?.state === 'reached';
  }

  get isOver(): boolean {
    return performance.now() >= this.#endsAt;
  }

  /** A lost request may still arrive, so that a failure counts only after a while. */
  get hasFailed(): boolean {
    const isGivenUp = this.last?.state === 'failed' || this.last?.state === 'superseded';
    if (!isGivenUp || this.#error !== null) return false;
    const { answerLost, limits } = this.options;
    return !answerLost || this.isOver || this.#elapsedMs >= limits.lostAnswerMs;
  }

  /**
   * Reason for which the effect is not in force. It was taken back when this poll, or the system's records,
   * have seen it.
   */
  get failure(): 'failed' | 'reverted' | 'superseded' {
    if (this.last?.state === 'superseded') return 'superseded';
    return this.#wasReached ? 'reverted' : 'failed';
  }

  /** True when the plugin itself fails again and again: waiting longer would not show more. */
  get isBroken(): boolean {
    return this.#brokenLooks >= MOST_BROKEN_LOOKS;
  }

  /** Time limit of one look; a single look has none. */
  get patienceMs(): number {
    const { deadlineMs, limits } = this.options;
    if (deadlineMs === 0) return limits.verifyMs;
    return Math.max(limits.lastLookMs, this.#endsAt - performance.now());
  }

  get #elapsedMs(): number {
    return performance.now() - this.options.startedAt;
  }

  note({ verification, error }: Look): void {
    this.#error = error;
    this.#brokenLooks = error?.kind === 'plugin' && !error.retryable ? this.#brokenLooks + 1 : 0;
    if (verification === null) return;
    this.last = verification;
    this.#wasReached ||= verification.state === 'reached' || verification.wasReached === true;
  }

  event({ verification, error }: Look): EventContent<VerifyingEvent> {
    const { deadlineMs } = this.options;
    const unreadable = error?.message ?? null;
    const elapsedMs = Math.round(this.#elapsedMs);
    return { kind: 'verifying', verification, unreadable, elapsedMs, deadlineMs };
  }

  extend(ms: number): void {
    this.#endsAt = Math.max(this.#endsAt, performance.now() + ms);
  }

  async rest(): Promise<boolean> {
    const left = Math.max(0, this.#endsAt - performance.now());
    const ms = Math.min(this.#pauseMs, left);
    this.#pauseMs = Math.min(this.#pauseMs * 1.5, this.options.limits.pollMaxMs);
    return pause(ms, this.options.signal);
  }

  end(end: PollResult['end']): PollResult {
    const error = end === 'unseen' ? this.#error : null;
    return { end, verification: this.last, error, wasReached: this.#wasReached };
  }
}
