import type { JsonValue } from 'operator-core';
import { findTwinKey } from './find-twin-key.ts';

/** A JSON value, or the reason why the text is none that can be kept exactly. */
export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: string };

// The third argument is newer than the library's types.
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * Reads JSON and refuses a text that would lose something silently: keys given twice, digits of whole numbers.
 */
export function parseJson(text: string): ParsedJson {
  let inexact: string | null = null;
  const reviver: Reviver = (_key, value, context) => {
    const isWhole = typeof value === 'number' && /^-?\d+$/u.test(context?.source ?? '');
    if (isWhole && !Number.isSafeInteger(value)) inexact ??= context?.source ?? String(value);
    return value;
  };
  try {
    const value: JsonValue = JSON.parse(text, reviver);
    const twin = findTwinKey(text);
    if (twin !== null) {
      return { ok: false, problem: `${shorten(JSON.stringify(twin))} is a duplicate key` };
    }
    if (inexact === null) return { ok: true, value };
    return { ok: false, problem: `${shorten(String(inexact))} cannot be kept exactly` };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'it is not JSON' };
  }
}

function shorten(text: string): string {
  return text.slice(0, 40);
}
