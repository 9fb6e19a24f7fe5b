// The system's own words reach the screen. Control characters in them must not reach the terminal.
// Format characters have no width or turn the direction of a line, so that a text looks like another.
const CONTROLS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with every control character but the line feed written as an escape. */
export function printable(text: string): string {
  return text.replace(CONTROLS, escapeCharacter);
}

/** The text as one line: line feeds are written as escapes too. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}

/**
 * A JSON text with those characters written as escapes too: the same document to a parser, and
 * harmless on a terminal.
 */
export function printableJson(json: string): string {
  return json.replace(CONTROLS, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
