import canonicalize from 'canonicalize';
import type { JsonValue } from '../json/json.ts';
import { isJsonValue } from '../json/json.ts';
import { OperatorError } from '../contract/operator-error.ts';

/**
 * The one text of a JSON value (RFC 8785): keys sorted, no white space, numbers as ECMAScript writes
 * them. Throws `VALUE_NOT_JSON` for anything that JSON cannot carry.
 */
export function canonicalJson(value: JsonValue): string {
  return toCanonicalJson(value);
}

/** The same for a value that is JSON by contract and not by type: an interface has no index. */
export function toCanonicalJson(value: unknown): string {
  const text = isJsonValue(value) ? canonicalize(value) : undefined;
  if (text === undefined) {
    throw new OperatorError({
      code: 'VALUE_NOT_JSON',
      kind: 'bug',
      message: 'A value that is not plain JSON cannot be written as canonical JSON.',
      remedy: 'Give only null, booleans, finite numbers, text, arrays and plain objects.',
    });
  }
  return text;
}
