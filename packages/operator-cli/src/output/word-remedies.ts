import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue, NextOperation, Remedy } from 'operator-core';
import { formatRemedy } from './operation-words.ts';

/**
 * A replacer for `JSON.stringify`: gives every remedy of a document, as `remedy` and `next`, the words of the command
 * line. A remedy that is one value becomes these two members.
 */
export function wordRemedies(_key: string, value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  const found = findRemedy(value);
  if (found === null) return value;
  const { remedy: _, next: __, ...rest } = value;
  return { ...rest, remedy: formatRemedy(found), next: found.next };
}

/** The remedy of an error, a refusal or a finding as it stands in a document; `null` where there is none. */
export function findRemedy({ remedy, next }: JsonObject): Remedy | null {
  if (typeof remedy === 'string') return isNext(next) ? { text: remedy, next } : null;
  if (!isJsonObject(remedy)) return null;
  const { text, next: own } = remedy;
  return typeof text === 'string' && isNext(own) ? { text, next: own } : null;
}

function isNext(next: JsonValue | undefined): next is readonly NextOperation[] {
  return Array.isArray(next) && next.every((one: JsonValue) => isOperation(one));
}

function isOperation(one: JsonValue): one is NextOperation {
  return isJsonObject(one) && typeof one['operation'] === 'string';
}
