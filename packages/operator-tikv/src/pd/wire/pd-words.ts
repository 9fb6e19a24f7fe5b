/** PD's own words, without their wrapping. */
export interface PDWords {
  /** Error text of PD in one line; empty when there was none. */
  readonly text: string;
  /** `PD:core:ErrStoreNotFound`, or `null`. */
  readonly pdCode: string | null;
}

const LONGEST = 1000;
/** Greatest length of a body that is no answer of PD's; its own longest are the stack traces of panics. */
const LARGEST_BODY = 65_536;
const DEEPEST = 4;

/**
 * PD's own words from every shape of body that it answers with (PD API, wire conventions): a JSON
 * string, a JSON string in a JSON string, an object with `msg`, `null`, two documents one after the
 * other, plain text, the stack trace of a panic. Never throws.
 */
export function readWords(body: string): PDWords {
  const text = tidy(unwrap(body.slice(0, LARGEST_BODY).trim(), 0));
  const pdCode = /^\[(PD:[\w-]+:\w+)\]/u.exec(text)?.[1] ?? null;
  return { text, pdCode };
}

/** True when a body is a web page: it does not come from PD's API. */
export function isHtml(body: string): boolean {
  return /^\s*<(?:!doctype|html|head|body|a\s|\?xml)/iu.test(body);
}

function unwrap(text: string, depth: number): string {
  if (depth >= DEEPEST) return text;
  const document = parse(text) ?? parse(firstDocument(text));
  if (document === undefined) return text;
  const { value } = document;
  if (typeof value === 'string') return unwrapString(value, depth + 1);
  if (typeof value !== 'object') return text;
  if (value === null || Array.isArray(value)) return value === null ? '' : text;
  const message = 'msg' in value ? value.msg : undefined;
  if (typeof message === 'string') return message.trim();
  return Object.keys(value).length === 0 ? '' : text;
}

// Only text that can be another document is parsed: `3` in a string is PD's word, not a number.
function unwrapString(text: string, depth: number): string {
  const inner = text.trim();
  return /^["{]/u.test(inner) ? unwrap(inner, depth) : inner;
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

// PD before 6.5.12 answers a failed evict-leader with its error and then `"The scheduler is created."`.
function firstDocument(text: string): string {
  const string = /^"(?:[^"\\]|\\.)*"/u.exec(text);
  if (string !== null) return string[0];
  const end = text.search(/\}\s*"/u);
  return end === -1 ? '' : text.slice(0, end + 1);
}

function tidy(text: string): string {
  const panic = /^PANIC: [^\n]*/u.exec(text);
  const line = (panic?.[0] ?? text).replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
