import { canonicalJson } from 'operator-core';
import type { Action, OperatorError, Plan, PlannedRequest, SendResult } from 'operator-core';
import { createEngineError } from '../engine-error.ts';
import { createInterrupted } from '../interrupted.ts';
import { callPlugin } from '../plugin/call-plugin.ts';
import { EventChannel } from './event-channel.ts';
import type { RequestSender } from './request-sender.ts';
import type { EventContent, SendingEvent, SentEvent } from './run-event.ts';
import type { Sending } from './send-requests.ts';
import { isAborted } from '../is-aborted.ts';

type SendEvent = EventContent<SendingEvent> | EventContent<SentEvent>;

/** Lets an action send its plan in its own way: exactly the plan's requests, each at most once. */
export async function* executeOwn(
  action: Action,
  plan: Plan,
  options: { sender: RequestSender; limitMs: number; signal: AbortSignal | undefined },
): Sending {
  const { sender, limitMs, signal } = options;
  const own = new OwnSending(plan, sender, signal);
  const what = `executing ${plan.action}`;
  const work = callPlugin({ what, limitMs, signal }, (inner) =>
    action.execute?.({ plan, signal: inner, send: async (request) => own.send(request) }),
  );
  const failure = work.then(
    () => null,
    (error: unknown) => error,
  );
  void failure.then(async () => own.end());
  yield* own.channel.events();
  const error = await failure;
  // What was sent decides; only when nothing was is the failure itself the outcome.
  if (error !== null && own.results.every((result) => result === null)) throw error;
  return own.results;
}

/** What an action's own execute has sent so far. */
class OwnSending {
  readonly channel = new EventChannel<SendEvent>();
  readonly results: (SendResult | null)[];
  readonly #plan: Plan;
  readonly #sender: RequestSender;
  readonly #signal: AbortSignal | undefined;
  readonly #pending = new Set<Promise<SendResult>>();
  #isOver = false;

  constructor(plan: Plan, sender: RequestSender, signal: AbortSignal | undefined) {
    this.#plan = plan;
    this.#sender = sender;
    this.#signal = signal;
    this.results = plan.requests.map(() => null);
  }

  async send(asked: PlannedRequest): Promise<SendResult> {
    const index = this.#take(asked);
    const sending = this.#sendAt(index, this.#plan.requests[index] ?? asked);
    this.#pending.add(sending);
    return sending;
  }

  /** The action has come back: what it still sends is waited for, and nothing new begins. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#pending);
    this.channel.close();
  }

  async #sendAt(index: number, request: PlannedRequest): Promise<SendResult> {
    const goesOn = await this.channel.emit({ kind: 'sending', index, request });
    if (!goesOn || this.#isOver || isAborted(this.#signal)) {
      this.results[index] = null;
      throw createInterrupted(`sending ${request.method} ${request.path}`);
    }
    const result = await this.#sender.send(request);
    this.results[index] = result;
    await this.channel.emit({ kind: 'sent', index, request, result });
    return result;
  }

  /** One of the plan's requests that was not taken yet; until it has ended it counts as unknown. */
  #take(asked: PlannedRequest): number {
    const wanted = fingerprint(asked);
    const index = this.#plan.requests.findIndex(
      (request, place) => this.results[place] === null && fingerprint(request) === wanted,
    );
    if (index === -1 || this.#isOver) throw createNotPlanned(this.#plan, asked);
    this.results[index] = { outcome: 'unknown', reason: 'sending it did not end' };
    return index;
  }
}

function createNotPlanned({ action }: Plan, asked: PlannedRequest): OperatorError {
  const { method, path } = asked;
  return createEngineError('REQUEST_NOT_PLANNED', {
    message: `The action ${action} asked to send ${method} ${path}, which is not in its plan, was sent before, or comes too late.`,
    remedy: 'Tell the author of the plugin: execute may send the requests of the plan, each once.',
    facts: { action, method, path },
  });
}

function fingerprint({ method, path, body }: PlannedRequest): string {
  return canonicalJson([method, path, body]);
}
