import { OperatorError } from 'operator-core';
import type { PlannedRequest, SendResult } from 'operator-core';
import { describeCause } from '../describe-cause.ts';
import type { WritePermit } from '../http/write-permit.ts';
import type { EngineLimits } from '../limits.ts';
import { callPlugin } from '../plugin/call-plugin.ts';
import { joinSignals } from '../plugin/join-signals.ts';
import { sendResultSchema } from './answer-schemas.ts';
import type { Connection } from './connection.ts';
import { parseAnswer } from './misbehaved.ts';
import { isAborted } from '../is-aborted.ts';

/** Sends requests of one run, each with a permit of its own. */
export class RequestSender {
  readonly #connection: Connection;
  readonly #limits: EngineLimits;
  readonly #callerId: string;
  readonly #signal: AbortSignal | undefined;
  #violation: OperatorError | null = null;

  constructor(
    connection: Connection,
    options: { limits: EngineLimits; runId: string; signal: AbortSignal | undefined },
  ) {
    this.#connection = connection;
    this.#limits = options.limits;
    this.#callerId = `operator/${options.runId}`;
    this.#signal = options.signal;
  }

  /** What the plugin did against the contract, when that is why a request was not sent. */
  get violation(): OperatorError | null {
    return this.#violation;
  }

  /** Sends once. Never rejects: what is not certain is `unknown`. */
  async send(request: PlannedRequest): Promise<SendResult> {
    const { guard } = this.#connection;
    const denials = guard.denials;
    const permit = guard.permit(request);
    try {
      const answer = await this.#callSend(request);
      const result = believe(parseAnswer(sendResultSchema, answer, 'the answer of send'), permit);
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
    // Only where the guard sees all that leaves does a permit that nobody used prove anything.
    const certainlyNot = this.#connection.isObserved && !permit.hasStarted;
    return { outcome: certainlyNot ? 'not_sent' : 'unknown', reason };
  }
}

/** A request that has started on a socket may have arrived, whatever the plugin says. */
function believe(result: SendResult, permit: WritePermit): SendResult {
  if (result.outcome !== 'not_sent' || !permit.hasStarted) return result;
  const reason = `the plugin says that it was not sent (${result.reason}), but it had been started on a connection`;
  return { outcome: 'unknown', reason };
}
