import { canonicalJson, toRequestContent, toRequestTitle } from 'operator-core';
import type {
  Action,
  OperatorError,
  Plan,
  PlannedRequest,
  SendResult,
  TargetedRequest,
} from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { createInterrupted, isAborted } from '../../base/signals.ts';
import { callPlugin } from '../../plugin/call-plugin.ts';
import { EventChannel } from '../../events/event-channel.ts';
import type { RequestSender } from './request-sender.ts';
import type { SendEvent, Sending } from './send-requests.ts';

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
  try {
    yield* own.channel.events();
  } finally {
    // The results of requests under way are recorded even after the caller has stopped reading.
    await own.end();
  }
  // An error of recording decides first, then the requests that were sent; the failure itself only when there
  // is neither.
  if (own.trouble !== null) throw own.trouble;
  const error = await failure;
  const isUntouched =
    sender.stopCause === null && sender.results.every((result) => result === null);
  if (error !== null && isUntouched) throw error;
}

/** Requests that an action's own execute has sent so far. */
class OwnSending {
  readonly channel = new EventChannel<SendEvent>();
  readonly #taken = new Set<number>();
  readonly #plan: Plan;
  readonly #sender: RequestSender;
  readonly #signal: AbortSignal | undefined;
  readonly #pending = new Set<Promise<SendResult>>();
  #isOver = false;
  #trouble: unknown = null;

  constructor(plan: Plan, sender: RequestSender, signal: AbortSignal | undefined) {
    this.#plan = plan;
    this.#sender = sender;
    this.#signal = signal;
  }

  /** Error of writing the ledger, even when the action caught it. */
  get trouble(): unknown {
    return this.#trouble;
  }

  async send(asked: PlannedRequest): Promise<SendResult> {
    const { index, request } = this.#take(asked);
    const sending = this.#sendAt(index, request);
    this.#pending.add(sending);
    return sending;
  }

  /** The action has returned: the sender waits for requests under way, and starts no new one. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#pending);
    this.channel.close();
  }

  async #sendAt(index: number, request: TargetedRequest): Promise<SendResult> {
    if (!(await this.#goesOn({ kind: 'sending', index, request }))) {
      this.#taken.delete(index);
      throw createInterrupted(`sending ${toRequestTitle(request)}`);
    }
    const permission = await this.#journaled(() => this.#sender.intend(index));
    if (permission.kind === 'settled') return permission.result;
    if (permission.kind !== 'may_send') {
      throw createInterrupted(`sending ${toRequestTitle(request)}`);
    }
    if (!(await this.#goesOn({ kind: 'intended', index, request }))) {
      await this.#journaled(() => this.#sender.giveUp(index, 'the run was ended before'));
      throw createInterrupted(`sending ${toRequestTitle(request)}`);
    }
    const { endsAt } = permission;
    const result = await this.#journaled(() => this.#sender.send(index, endsAt));
    await this.channel.emit({ kind: 'sent', index, request, result });
    return result;
  }

  async #goesOn(event: SendEvent): Promise<boolean> {
    const wasTaken = await this.channel.emit(event);
    return wasTaken && !this.#isOver && this.#sender.stopCause === null && !isAborted(this.#signal);
  }

  async #journaled<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      this.#trouble ??= error;
      throw error;
    }
  }

  /** Takes one of the plan's requests that was not taken yet. */
  #take(asked: PlannedRequest): { index: number; request: TargetedRequest } {
    const wanted = fingerprint(asked);
    const index = this.#plan.requests.findIndex(
      (request, place) => !this.#taken.has(place) && fingerprint(request) === wanted,
    );
    const request = this.#plan.requests[index];
    if (request === undefined || this.#isOver) throw createNotPlanned(this.#plan, asked);
    this.#taken.add(index);
    return { index, request };
  }
}

function createNotPlanned({ action }: Plan, asked: PlannedRequest): OperatorError {
  const request = toRequestTitle(asked);
  return createEngineError('REQUEST_NOT_PLANNED', {
    message: `The action ${action} asked to send ${request}, which is not in its plan, was sent before, or comes too late.`,
    remedy:
      'Tell the author of the plugin: `execute` may send only the requests of the plan, each once.',
    facts: { action, request },
  });
}

function fingerprint(request: PlannedRequest): string {
  return canonicalJson(toRequestContent(request));
}
