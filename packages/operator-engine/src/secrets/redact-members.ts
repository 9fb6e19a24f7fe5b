import { isSecretKey, REDACTED } from './redact.ts';

const MEMBER = /"((?:[^"\\]|\\.)*)"\s*:\s*/gu;
const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\],]|[^"{}[\],]+/gu;

/** A JSON text in which the values of secret members are masked, and what those values were. */
export interface MaskedText {
  readonly text: string;
  /** The texts that were masked. */
  readonly found: readonly string[];
}

/**
 * Masks the members of a JSON text whose names say that they are secrets. Everything else stays byte for
 * byte, numbers with many digits included; a text that was cut is masked to its end.
 */
export function redactMembers(json: string): MaskedText {
  let text = '';
  let end = 0;
  const found: string[] = [];
  for (const match of json.matchAll(MEMBER)) {
    const start = match.index + match[0].length;
    if (match.index < end || !isSecretKey(readText(match[1] ?? ''))) continue;
    const after = endOfValue(json, start);
    const value = json.slice(start, after).trim();
    if (value === 'null' || value === '') continue;
    text += `${json.slice(end, start)}"${REDACTED}"`;
    end = after;
    if (value.startsWith('"')) found.push(readText(value.replace(/^"|"$/gu, '')));
  }
  return { text: text + json.slice(end), found };
}

function endOfValue(json: string, start: number): number {
  let depth = 0;
  TOKEN.lastIndex = start;
  for (let token = TOKEN.exec(json); token !== null; token = TOKEN.exec(json)) {
    const [word] = token;
    const isClosing = word === '}' || word === ']';
    if (depth === 0 && (isClosing || word === ',')) return token.index;
    if (word === '{' || word === '[') depth += 1;
    if (isClosing) depth -= 1;
    if (depth === 0) return TOKEN.lastIndex;
  }
  return json.length;
}

function readText(inner: string): string {
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    return inner;
  }
}
