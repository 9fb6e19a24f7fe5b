import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type { ConfigIssue, ConfigPath, Position } from './config-issue.ts';

/** A configuration file as plain data that remembers where everything stands. */
export class ConfigDocument {
  readonly value: JsonValue;
  readonly #positions: ReadonlyMap<string, Position>;

  constructor(value: JsonValue, positions: ReadonlyMap<string, Position>) {
    this.value = value;
    this.#positions = positions;
  }

  /** Position of `path`, or of its nearest parent that exists. */
  positionOf(path: ConfigPath): Position {
    for (let length = path.length; length >= 0; length -= 1) {
      const position = this.#positions.get(positionKey(path.slice(0, length)));
      if (position !== undefined) return position;
    }
    return { line: 1, column: 1 };
  }

  /** True when the file says anything at `path`. */
  has(path: ConfigPath): boolean {
    return this.#positions.has(positionKey(path));
  }
}

/** Result of parsing a file: the parts that are valid, and every mistake. */
export interface ParsedDocument {
  readonly document: ConfigDocument;
  readonly issues: readonly ConfigIssue[];
}

/** The key of a path in the map of positions. */
export function positionKey(path: ConfigPath): string {
  return JSON.stringify(path);
}

/** `value` as an object, or an empty one. */
export function toObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
