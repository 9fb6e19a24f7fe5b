import { decodeGoJson } from '../text/go-json.ts';
import { type JsonObject, type JsonValue, isJsonObject } from '../text/json-value.ts';
import { type Reply, inputError, message } from './reply.ts';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reply: Reply };

/** Reads a body that PD decodes into a map; `plain` handlers answer syntax errors as JSON strings. */
export function readObject(
  body: string,
  errors: 'object' | 'plain' = 'object',
  target = 'map[string]interface {}',
): Read<JsonObject> {
  const decoded = decodeGoJson(body);
  if (!decoded.ok) {
    const reply =
      errors === 'plain'
        ? message(400, decoded.message)
        : inputError(decoded.message, { Offset: decoded.offset });
    return { ok: false, reply };
  }
  if (decoded.value === null) return { ok: true, value: {} };
  if (isJsonObject(decoded.value)) return { ok: true, value: decoded.value };
  const text = `json: cannot unmarshal ${kindOf(decoded.value)} into Go value of type ${target}`;
  return {
    ok: false,
    reply:
      errors === 'plain'
        ? message(400, text)
        : inputError(text, typeErrorData(kindOf(decoded.value))),
  };
}

/** Go's name for a JSON value, as its type errors have it. */
export function kindOf(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return 'array';
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

export function typeErrorData(
  kind: string,
  place: { readonly struct?: string; readonly field?: string } = {},
): JsonValue {
  return { Value: kind, Type: {}, Offset: 1, Struct: place.struct ?? '', Field: place.field ?? '' };
}

/** Parses an unsigned id of a path the way Go does. */
export function parseId(
  text: string,
): { readonly ok: true; readonly id: number } | { readonly ok: false; readonly problem: string } {
  if (!/^\d+$/.test(text))
    return { ok: false, problem: `strconv.ParseUint: parsing ${quoteGo(text)}: invalid syntax` };
  if (BigInt(text) >= 2n ** 64n)
    return {
      ok: false,
      problem: `strconv.ParseUint: parsing ${quoteGo(text)}: value out of range`,
    };
  return { ok: true, id: Number(text) };
}

/** Parses an integer the way Go's `strconv.Atoi` does. */
export function parseInteger(
  text: string,
):
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly problem: string } {
  if (!/^[-+]?\d+$/.test(text))
    return { ok: false, problem: `strconv.Atoi: parsing ${quoteGo(text)}: invalid syntax` };
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value)
    return { ok: false, problem: `strconv.Atoi: parsing ${quoteGo(text)}: value out of range` };
  return { ok: true, value: Number(value) };
}

function quoteGo(text: string): string {
  return JSON.stringify(text);
}
