/** A value that can be written as JSON: 64-bit integers as `bigint`, objects with a fixed order of number-like keys as `Map`. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>
  | { readonly [key: string]: JsonValue | undefined };

export type JsonObject = { readonly [key: string]: JsonValue | undefined };

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
  );
}

/** A text, or '' for anything else. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Writes a JSON string the way Go's encoder does: `<`, `>` and `&` escaped. */
export function encodeString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Writes JSON the way PD's indenting renderer does: two spaces, 64-bit integers exact. */
export function encodeIndented(value: JsonValue, indent = ''): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return encodeString(value);
  const inner = `${indent}  `;
  if (isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + encodeIndented(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const fields = entries.flatMap(([key, field]) =>
    field === undefined ? [] : [`${inner}${encodeString(key)}: ${encodeIndented(field, inner)}`],
  );
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${indent}}`;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** An object whose keys are in the order of Go's maps on the wire: sorted as text. */
export function sortedObject(
  entries: Iterable<readonly [string | number, JsonValue]>,
): ReadonlyMap<string, JsonValue> {
  const named = [...entries].map(([key, value]) => [String(key), value] as const);
  return new Map(named.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
}
