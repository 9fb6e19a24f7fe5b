import { type JsonValue, encodeIndented, encodeString } from '../text/json-value.ts';

/** An answer as it goes over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=UTF-8';

/** Indented JSON, as most of PD's handlers answer. */
export function json(status: number, value: JsonValue): Reply {
  return { status, headers: { 'Content-Type': JSON_TYPE }, body: `${encodeIndented(value)}\n` };
}

/** A JSON string: PD's messages and most of its errors. */
export function message(status: number, words: string): Reply {
  return { status, headers: { 'Content-Type': JSON_TYPE }, body: `${encodeString(words)}\n` };
}

/** Compact JSON bytes without newline: PD's regions. */
export function octets(body: string): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body };
}

/** Text from a handler that renders it. */
export function text(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'text/plain; charset=UTF-8' }, body };
}

/** Text from Go's `http.Error`: middleware errors and unknown paths. */
export function plainError(status: number, body: string): Reply {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    body: `${body}\n`,
  };
}

export function empty(status: number): Reply {
  return { status, headers: {}, body: '' };
}

export const NOT_FOUND: Reply = plainError(404, '404 page not found');

/** PD's answer to input that it cannot read: an object with the decoder's words. */
export function inputError(problem: string, data: JsonValue = {}): Reply {
  const reply = json(400, { code: 'input', msg: problem, data });
  return { ...reply, headers: { ...reply.headers, 'TiDB-Error-Code': 'input' } };
}

/** The same for values that only a type's own decoder refuses; it carries program addresses. */
export function internalError(problem: string): Reply {
  const reply = json(500, {
    code: 'internal',
    msg: problem,
    data: {},
    stack: [30063614, 30095499, 29193517],
  });
  return { ...reply, headers: { ...reply.headers, 'TiDB-Error-Code': 'internal' } };
}

/** A handler that crashed: Go's words, then a stack. */
export function panic(cause: string): Reply {
  const stack =
    'goroutine 1 [running]:\ngithub.com/urfave/negroni/v3.(*Recovery).ServeHTTP.func1()\n';
  return {
    status: 500,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `PANIC: ${cause}\n${stack}`,
  };
}

export const NIL_POINTER = 'runtime error: invalid memory address or nil pointer dereference';
