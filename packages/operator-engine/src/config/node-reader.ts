import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { JsonValue } from 'operator-core';
import { formatPath } from './config-issue.ts';
import type { ConfigIssue, ConfigPath, Position } from './config-issue.ts';
import { positionKey } from './config-document.ts';

const MOST_VALUES = 10_000;
const DEEPEST = 50;

/** Turns the nodes of a YAML document into plain JSON and notes where each stood. */
export class NodeReader {
  readonly positions = new Map<string, Position>();
  readonly issues: ConfigIssue[] = [];
  readonly #document: Document.Parsed;
  readonly #at: (offset: number) => Position;
  #values = 0;

  constructor(document: Document.Parsed, at: (offset: number) => Position) {
    this.#document = document;
    this.#at = at;
  }

  read(): JsonValue {
    return this.#read(this.#document.contents, []);
  }

  #read(node: unknown, path: ConfigPath): JsonValue {
    this.#note(path, node);
    this.#values += 1;
    // Aliases can make a short text mean an endless one.
    if (this.#values > MOST_VALUES || path.length > DEEPEST) {
      if (this.#values <= MOST_VALUES + 1) this.#complain(path, 'the configuration is too large');
      this.#values = MOST_VALUES + 1;
      return null;
    }
    if (isAlias(node)) return this.#readAlias(node, path);
    if (isMap(node)) return this.#readMap(node, path);
    if (isSeq(node)) return this.#readSequence(node, path);
    return isScalar(node) ? this.#readScalar(node, path) : null;
  }

  #readAlias(alias: Alias, path: ConfigPath): JsonValue {
    const target = alias.resolve(this.#document);
    if (target !== undefined) return this.#read(target, path);
    this.#complain(path, `the alias *${alias.source} stands for nothing before it`);
    return null;
  }

  #readMap(map: YAMLMap, path: ConfigPath): JsonValue {
    const entries = map.items.flatMap((pair) => this.#readPair(pair, path));
    return Object.fromEntries(entries);
  }

  #readPair(pair: Pair, path: ConfigPath): [string, JsonValue][] {
    const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : null;
    if (key === null || key === '__proto__') {
      this.#note([...path, key ?? '?'], pair.key);
      this.#complain([...path, key ?? '?'], 'this cannot be a key: keys are plain text');
      return [];
    }
    const below = [...path, key];
    const value = this.#read(pair.value, below);
    // The key says better than the value where an entry stands, and is there when the value is not.
    this.#note(below, pair.key);
    return [[key, value]];
  }

  #readSequence(sequence: YAMLSeq, path: ConfigPath): JsonValue {
    return sequence.items.map((item, index) => this.#read(item, [...path, index]));
  }

  #readScalar({ value, source }: Scalar, path: ConfigPath): JsonValue {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      this.#complain(path, `${source ?? typeof value} is not a value that JSON knows`);
      return null;
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      this.#complain(path, 'this whole number is too large to be read exactly: put it in quotes');
    }
    return value;
  }

  #note(path: ConfigPath, node: unknown): void {
    const range = (node as Node | null)?.range;
    if (range) this.positions.set(positionKey(path), this.#at(range[0]));
  }

  #complain(path: ConfigPath, message: string): void {
    const position = this.positions.get(positionKey(path)) ?? { line: 1, column: 1 };
    this.issues.push({ path: formatPath(path), message, ...position });
  }
}
