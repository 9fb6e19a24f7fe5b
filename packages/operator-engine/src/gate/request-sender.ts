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

  constructor(
    connection: Connection,
    options: { limits: EngineLimits; runId: string; signal: AbortSignal | undefined },
  ) {
    this.#connection = connection;
    this.#limits = options.limits;
    this.#callerId = `operator/${options.runId}`;
    this.#signal = options.signal;
  }

  /** Sends once. Never rejects: what is not certain is `unknown`. */
  async send(request: PlannedRequest): Promise<SendResult> {
    const permit = this.#connection.guard.permit(request);
    try {
      const answer = await this.#callSend(request);
      return believe(parseAnswer(sendResultSchema, answer, 'the answer of send'), permit);
    } catch (error) {
      return this.#resultOf(error, permit);
    } finally {
      this.#connection.guard.revoke(permit);
    }
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
