/** A JSON value that stands for itself. */
export type JsonPrimitive = string | number | boolean | null;

/** Anything that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = JsonPrimitive | readonly JsonValue[] | JsonObject;

/** A JSON object; also the shape of facts in errors, refusals and verifications. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON Schema document (draft 2020-12) as plain data. */
export type JsonSchema = JsonObject;

/** Deeper than any document a person or a system writes; far from what a stack can hold. */
const MOST_LEVELS = 500;

/**
 * True when `value` is a plain object or array tree of JSON values, at most 500 levels deep: no
 * `undefined`, `NaN`, bigint, hole, cycle or class instance. Never throws.
 */
export function isJsonValue(value: unknown): value is JsonValue {
  const ancestors = new Set<object>();
  const isPlain = (item: unknown): boolean => {
    if (item === null || typeof item === 'string' || typeof item === 'boolean') return true;
    if (typeof item === 'number') return Number.isFinite(item);
    if (typeof item !== 'object' || ancestors.has(item) || !isPlainHolder(item)) return false;
    if (ancestors.size === MOST_LEVELS) return false;
    ancestors.add(item);
    // Array.from fills holes with undefined, which `every` would step over.
    const plain = (Array.isArray(item) ? Array.from(item) : Object.values(item)).every(isPlain);
    ancestors.delete(item);
    return plain;
  };
  try {
    return isPlain(value);
  } catch {
    // A getter that throws: no plain document.
    return false;
  }
}

/** True when `value` is a JSON object (not an array, not `null`). Its members are not looked at. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlainHolder(value: object): boolean {
  // With `toJSON` it would be written as something else than what was looked at.
  if ('toJSON' in value && typeof value.toJSON === 'function') return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
