import { OperatorError } from 'operator-core';
import type { HttpRequest, SendResult } from 'operator-core';

import type { Connection, PDChangeOptions, PDRequest } from '../http/connection.ts';
import type { Endpoint, EndpointList } from '../http/endpoint-list.ts';
import type { HttpAnswer, HttpFailure } from '../http/exchange.ts';
import { describeRequest, judgeAnswer, requestFacts } from '../http/judge-answer.ts';
import { judgeFailure } from '../http/judge-failure.ts';
import { PDError } from '../wire/pd-error.ts';
import type { Identity } from '../read/identity.ts';
import type { PDClientParts } from '../read/pd-reader.ts';
import { isHtml, readWords } from '../wire/pd-words.ts';

/** Greatest age of the proof of an endpoint that receives a change, milliseconds. */
const FRESH_MS = 500;

/** Result of a change, with the error when it was not accepted. */
type WriteResult =
  | { readonly result: Extract<SendResult, { outcome: 'accepted' }>; readonly error: null }
  | { readonly result: Exclude<SendResult, { outcome: 'accepted' }>; readonly error: PDError };

/** One endpoint's part in a change. */
interface Attempt {
  readonly write: WriteResult;
  /** True when the change certainly was not carried out, and another endpoint may do better. */
  readonly isMissed: boolean;
}

/**
 * Sends a change, at most once: the next endpoint is asked only when the change certainly was not carried
 * out. Nothing is waited for, because the evidence that led to a change ages. An endpoint proves its cluster immediately
 * before it takes the change.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #endpoints: EndpointList;
  readonly #identity: Identity;

  constructor(parts: PDClientParts) {
    this.#connection = parts.connection;
    this.#endpoints = parts.endpoints;
    this.#identity = parts.identity;
  }

  /** Rejects only when nothing was sent: with an aborted signal's reason, or because it must not be sent. */
  async write(request: HttpRequest, options: PDChangeOptions): Promise<WriteResult> {
    const startedAt = performance.now();
    const failed = await this.#identity.agree(options);
    if (failed !== null) return notSent([...failed.values()].map(({ error }) => error));
    const missed: WriteResult[] = [];
    const { target } = request;
    const endpoints = this.#endpoints.inOrder(performance.now());
    for (const endpoint of endpoints) {
      if (target?.includes(endpoint.origin) === false) continue;
      // Its report for this very change, a moment ago, is new enough.
      const since = Math.max(startedAt, performance.now() - FRESH_MS);
      const doubt = await this.#identity.proveSince(endpoint, since, options);
      if (doubt !== null) {
        missed.push(notSent([doubt.error]));
        continue;
      }
      const attempt = await this.#attempt(endpoint, request, options).catch((error: unknown) =>
        // A host that lets a request start only once refuses the second attempt.
        OperatorError.isInstance(error) && missed.length > 0 ? null : Promise.reject(error),
      );
      if (attempt === null) break;
      if (!attempt.isMissed) return attempt.write;
      missed.push(attempt.write);
    }
    return missed.length === 0 ? noTarget(request) : concludeMissed(missed);
  }

  async #attempt(
    endpoint: Endpoint,
    planned: HttpRequest,
    options: PDChangeOptions,
  ): Promise<Attempt> {
    const { method, path, body } = planned;
    const request: PDRequest = {
      origin: endpoint.origin,
      method,
      path,
      body,
      words: options.words,
    };
    const result = await this.#connection.exchange(request, options);
    return result.kind === 'answer'
      ? fromAnswer(result, request)
      : this.#fromFailure(endpoint, result, request);
  }

  #fromFailure(endpoint: Endpoint, failure: HttpFailure, request: PDRequest): Attempt {
    if (failure.reason === 'aborted') {
      const message = 'it was interrupted after it was sent';
      return { write: unknown(request, { message, cause: failure.cause }), isMissed: false };
    }
    endpoint.failedAt = performance.now();
    const { error, mayBeExecuted } = judgeFailure(failure, request, this.#connection.limits);
    return mayBeExecuted
      ? { write: unknown(request, { message: error.message, cause: error }), isMissed: false }
      : { write: notSent([error]), isMissed: true };
  }
}

function fromAnswer(answer: HttpAnswer, request: PDRequest): Attempt {
  const judgement = judgeAnswer(answer, request);
  const { status } = answer;
  const words = isHtml(answer.body) ? '' : readWords(answer.body).text;
  if (judgement.kind === 'ok') {
    const write = { result: { outcome: 'accepted', status, answer: words }, error: null } as const;
    return { write, isMissed: false };
  }
  const { error, mayBeExecuted } = judgement;
  if (mayBeExecuted) {
    const write = unknown(request, { message: error.message, cause: error });
    return { write, isMissed: false };
  }
  const said = words === '' ? error.message : words;
  // `judgeAnswer` has compared the answer with PD's own words for "nothing was done".
  const result = { outcome: 'refused', status, answer: said, certain: true } as const;
  const write = { result, error };
  return { write, isMissed: judgement.kind === 'elsewhere' };
}

/** Result when no endpoint took the change: a server that refused it has done nothing. */
function concludeMissed(missed: readonly WriteResult[]): WriteResult {
  const refused = missed.find(({ result }) => result.outcome === 'refused');
  return refused ?? notSent(missed.flatMap(({ error }) => error ?? []));
}

function noTarget({ target = [], method, path }: HttpRequest): WriteResult {
  const error = new PDError({
    code: 'PD_UNREACHABLE',
    message: `no known PD endpoint may take ${method} ${path}: the plan names ${target.join(', ')}`,
    facts: { method, path, target: [...target] },
  });
  return notSent([error]);
}

function notSent(missed: readonly PDError[]): WriteResult {
  const [first] = missed;
  if (first === undefined) throw new Error('no endpoint was asked');
  const reason = missed.map(({ message }) => message).join('; ');
  return { result: { outcome: 'not_sent', reason }, error: first };
}

function unknown(
  request: PDRequest,
  lost: { readonly message: string; readonly cause: unknown },
): WriteResult {
  const underlying = PDError.isInstance(lost.cause) ? lost.cause : null;
  const error = new PDError({
    code: 'PD_OUTCOME_UNKNOWN',
    message: `it is unknown if PD carried out ${describeRequest(request)}: ${lost.message}`,
    status: underlying?.status ?? null,
    pdCode: underlying?.pdCode ?? null,
    endpoint: request.origin,
    facts: {
      ...requestFacts(request),
      ...(underlying === null ? {} : { ...underlying.facts, lostBy: underlying.code }),
    },
    cause: lost.cause,
  });
  return { result: { outcome: 'unknown', reason: lost.message }, error };
}
