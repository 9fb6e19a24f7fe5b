import type { Endpoint } from '../http/endpoint-list.ts';
import type { HttpAnswer, RequestLine } from '../http/exchange.ts';
import { JsonReader, JsonShapeError } from '../wire/json-reader.ts';
import { invalidAnswer } from '../http/judge-answer.ts';
import { parseExactJson } from '../wire/parse-json.ts';
import type { PDError } from '../wire/pd-error.ts';
import type { PDMembers } from '../wire/pd-members.ts';

/**
 * A read: its path, and how to read the answer. `answeredAtMs` is the time of the answer by the clock of the
 * server that gave it, in whole seconds; `null` when it does not give it. A follower passes on the leader's.
 */
export interface ReadSpec<Value> {
  /** After `/pd/api/v1`. */
  readonly path: string;
  /** Reads the answer; throws {@link JsonShapeError} when it is not an answer of PD. */
  parse(body: JsonReader, from: Endpoint, answeredAtMs: number | null): Value;
  /** Value that an answer with an error status stands for: `null` for "not found". `undefined`: it is an error. */
  refused?(error: PDError): Value | undefined;
  /** True when the answer holds 64-bit numbers. Default: false. */
  readonly isExact?: boolean;
  /** Value of a list that an endpoint has given of itself; for the read of the list of members alone. */
  ofMembers?(members: PDMembers, from: Endpoint): Value;
}

/** Reads a complete, successful answer. Throws `PD_RESPONSE_INVALID` naming the problem. */
export function parseAnswer<Value>(
  spec: ReadSpec<Value>,
  answer: HttpAnswer,
  asked: { readonly request: RequestLine; readonly endpoint: Endpoint },
): Value {
  const { request, endpoint } = asked;
  try {
    const document: unknown =
      spec.isExact === true ? parseExactJson(answer.body) : JSON.parse(answer.body);
    return spec.parse(new JsonReader(document), endpoint, answeredAtMs(answer));
  } catch (error) {
    if (error instanceof JsonShapeError) {
      const problem = `a document in which ${error.message}`;
      throw invalidAnswer({ answer, request, problem, cause: error });
    }
    if (error instanceof SyntaxError) {
      const problem = `a body that is no complete JSON (${answer.body.length} characters)`;
      throw invalidAnswer({ answer, request, problem, cause: error });
    }
    if (error instanceof RangeError) {
      // JSON.parse, and every function that walks through the document, uses the stack for each level.
      throw invalidAnswer({
        answer,
        request,
        problem: 'a document nested too deeply',
        cause: error,
      });
    }
    throw error;
  }
}

/** Time in the `Date` header of an answer, milliseconds since the epoch, whole seconds; `null` when it has none. */
export function answeredAtMs({ headers }: Pick<HttpAnswer, 'headers'>): number | null {
  const { date } = headers;
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}

/** `null` for an error of PD with these words, `undefined` for any other. */
export function nullIf(error: PDError, words: RegExp): null | undefined {
  const said = error.facts['answer'];
  return typeof said === 'string' && words.test(said) ? null : undefined;
}
