import { OperatorError } from 'operator-core';
import type { PlannedRequest, SendResult } from 'operator-core';
import { describeCause } from '../describe-cause.ts';
import type { WritePermit } from '../http/write-permit.ts';
import type { EngineLimits } from '../limits.ts';
import type { Halt, Journal, Permission } from './journal.ts';
import { callPlugin } from '../plugin/call-plugin.ts';
import { joinSignals } from '../plugin/join-signals.ts';
import { sendResultSchema } from '../gate/answer-schemas.ts';
import type { Connection } from '../gate/connection.ts';
import { parseAnswer } from '../gate/parse-answer.ts';
import { isAborted } from '../is-aborted.ts';

/** Sends the requests of one run, each journaled before and after, and with a permit of its own. */
export class RequestSender {
  readonly #connection: Connection;
  readonly #journal: Journal;
  readonly #limits: EngineLimits;
  readonly #callerId: string;
  readonly #signal: AbortSignal | undefined;
  #halt: Halt | null = null;
  #violation: OperatorError | null = null;

  constructor(
    connection: Connection,
    options: { journal: Journal; limits: EngineLimits; signal: AbortSignal | undefined },
  ) {
    this.#connection = connection;
    this.#journal = options.journal;
    this.#limits = options.limits;
    this.#callerId = `operator/${options.journal.runId}`;
    this.#signal = options.signal;
  }

  /** Why no more may be sent, or `null`. */
  get halt(): Halt | null {
    return this.#halt;
  }

  /** What is known of each request so far. */
  get results(): readonly (SendResult | null)[] {
    return this.#journal.results;
  }

  /** Writes down that a request will be sent. Only `may_send` gives the right to. */
  async intend(index: number): Promise<Permission> {
    const permission = await this.#journal.intend(index);
    if (permission.kind !== 'may_send' && permission.kind !== 'settled') this.#halt = permission;
    return permission;
  }

  /** Sends what was intended, once, and writes down what became of it. What is not certain is `unknown`. */
  async send(index: number, request: PlannedRequest, endsAt: number): Promise<SendResult> {
    const permit = this.#connection.guard.permit(request, endsAt);
    const vigil = setInterval(() => void this.#haltIfStopped(permit), this.#limits.followMs);
    try {
      const result = await this.#send(request, permit);
      await this.#journal.settle(index, result);
      return result;
    } finally {
      clearInterval(vigil);
    }
  }

  /** A connection may take long to be made: whoever stops everything meanwhile must not be too late. */
  async #haltIfStopped(permit: WritePermit): Promise<void> {
    if (permit.hasStarted) return;
    const halt = await this.#journal.halt();
    if (halt === null) return;
    permit.halt();
    // What started in the meantime is on its way, and nothing but reading tells what came of it.
    if (!permit.hasStarted) this.#halt ??= halt;
  }

  /** Writes down that what was intended was not sent after all. */
  async giveUp(index: number, reason: string): Promise<void> {
    await this.#journal.settle(index, { outcome: 'not_sent', reason });
  }

  /** What the plugin did against the contract, when that is why a request was not sent. */
  get violation(): OperatorError | null {
    return this.#violation;
  }

  async #send(request: PlannedRequest, permit: WritePermit): Promise<SendResult> {
    const { guard } = this.#connection;
    const denials = guard.denials;
    try {
      const answer = await this.#callSend(request);
      const result = this.#believe(
        parseAnswer(sendResultSchema(), answer, 'the answer of send'),
        permit,
      );
      if (guard.denials > denials) this.#blame(result, guard.lastDenial);
      return result;
    } catch (error) {
      const result = this.#resultOf(error, permit);
      this.#blame(result, guard.denials > denials ? guard.lastDenial : error);
      return result;
    } finally {
      guard.revoke(permit);
    }
  }

  #blame(result: SendResult, error: unknown): void {
    if (result.outcome !== 'not_sent' || !OperatorError.isInstance(error)) return;
    if (error.kind === 'plugin') this.#violation = error;
  }

  async #callSend(request: PlannedRequest): Promise<unknown> {
    // The plugin is told to stop at once, but may take a moment to say what became of the request.
    const late = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      timer = setTimeout(() => {
        late.abort();
      }, this.#limits.stopMs);
    };
    const asked = this.#signal ?? new AbortController().signal;
    asked.addEventListener('abort', onAbort, { once: true });
    if (isAborted(asked)) onAbort();
    const call = {
      what: `sending ${request.method} ${request.path}`,
      limitMs: this.#limits.sendMs,
      signal: late.signal,
    };
    try {
      return await callPlugin(call, (inner) =>
        this.#connection.subject.send(request, {
          callerId: this.#callerId,
          signal: joinSignals(asked, inner),
        }),
      );
    } finally {
      clearTimeout(timer);
      asked.removeEventListener('abort', onAbort);
    }
  }

  #resultOf(error: unknown, permit: WritePermit): SendResult {
    const reason = describeCause(error);
    return { outcome: this.#certainlyNot(permit) ? 'not_sent' : 'unknown', reason };
  }

  /** The guard knows better than the plugin whether anything has started on a socket. */
  #believe(result: SendResult, permit: WritePermit): SendResult {
    if (result.outcome === 'unknown' && this.#certainlyNot(permit)) {
      return { outcome: 'not_sent', reason: result.reason };
    }
    if (result.outcome !== 'not_sent' || !permit.hasStarted) return result;
    const reason = `the plugin says that it was not sent (${result.reason}), but it had been started on a connection`;
    return { outcome: 'unknown', reason };
  }

  /** Only where the guard sees all that leaves does a permit that nobody used prove anything. */
  #certainlyNot(permit: WritePermit): boolean {
    return this.#connection.isObserved && !permit.hasStarted;
  }
}
