// The system's own words reach the screen. Control characters in them must not reach the terminal.
// oxlint-disable no-control-regex
const CONTROLS =
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** The text with every control character but the line feed written as an escape. */
export function printable(text: string): string {
  return text.replace(CONTROLS, escapeCharacter);
}

/** The text as one line: line feeds are written as escapes too. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}

function escapeCharacter(character: string): string {
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
