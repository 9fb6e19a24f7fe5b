import type { JsonValue } from './json-value.ts';

/** Words of Go's decoder about a body, with the byte offset it reports. */
export type Decoded =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const END = 'unexpected end of JSON input';

/** Decodes JSON with the error texts of Go's `encoding/json` scanner. */
export function decodeGoJson(text: string): Decoded {
  const problem = scan(text);
  if (problem !== undefined) return { ok: false, ...problem };
  const value: JsonValue = JSON.parse(text);
  return { ok: true, value };
}

interface Problem {
  readonly message: string;
  readonly offset: number;
}

class Refusal extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function scan(text: string): Problem | undefined {
  try {
    const end = skipSpace(text, scanValue(text, skipSpace(text, 0)));
    if (end < text.length) throw refuse(text, end, 'after top-level value');
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return { message: error.message, offset: error.offset };
    throw error;
  }
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (' \t\r\n'.includes(text[index] ?? '-')) index += 1;
  return index;
}

function refuse(text: string, index: number, context: string): Refusal {
  const character = text[index];
  if (character === undefined) return new Refusal(END, text.length);
  return new Refusal(`invalid character ${quote(character)} ${context}`, index + 1);
}

function quote(character: string): string {
  if (character === "'") return String.raw`'\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}

function scanValue(text: string, index: number): number {
  const character = text[index] ?? '';
  if (character === '{') return scanObject(text, index + 1);
  if (character === '[') return scanArray(text, index + 1);
  if (character === '"') return scanString(text, index + 1);
  if (character === 't') return scanLiteral(text, index, 'true');
  if (character === 'f') return scanLiteral(text, index, 'false');
  if (character === 'n') return scanLiteral(text, index, 'null');
  if (/[-0-9]/.test(character)) return scanNumber(text, index);
  throw refuse(text, index, 'looking for beginning of value');
}

function scanObject(text: string, from: number): number {
  let index = skipSpace(text, from);
  if (text[index] === '}') return index + 1;
  for (;;) {
    if (text[index] !== '"')
      throw refuse(text, index, 'looking for beginning of object key string');
    index = skipSpace(text, scanString(text, index + 1));
    if (text[index] !== ':') throw refuse(text, index, 'after object key');
    index = skipSpace(text, scanValue(text, skipSpace(text, index + 1)));
    if (text[index] === '}') return index + 1;
    if (text[index] !== ',') throw refuse(text, index, 'after object key:value pair');
    index = skipSpace(text, index + 1);
  }
}

function scanArray(text: string, from: number): number {
  let index = skipSpace(text, from);
  if (text[index] === ']') return index + 1;
  for (;;) {
    index = skipSpace(text, scanValue(text, index));
    if (text[index] === ']') return index + 1;
    if (text[index] !== ',') throw refuse(text, index, 'after array element');
    index = skipSpace(text, index + 1);
  }
}

function scanString(text: string, from: number): number {
  for (let index = from; ; index += 1) {
    const character = text[index];
    if (character === '"') return index + 1;
    if (character === undefined || character < ' ') throw refuse(text, index, 'in string literal');
    if (character === '\\') {
      index += 1;
      if (!'"\\/bfnrtu'.includes(text[index] ?? '-'))
        throw refuse(text, index, 'in string escape code');
    }
  }
}

function scanLiteral(text: string, from: number, literal: string): number {
  for (let position = 1; position < literal.length; position += 1) {
    if (text[from + position] === literal[position]) continue;
    throw refuse(
      text,
      from + position,
      `in literal ${literal} (expecting '${literal[position] ?? ''}')`,
    );
  }
  return from + literal.length;
}

function scanNumber(text: string, from: number): number {
  const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/.exec(text.slice(from));
  if (number === null) throw refuse(text, from + 1, 'in numeric literal');
  return from + number[0].length;
}
