// oxlint-disable-next-line no-control-regex
const ANSI = /\u001B\[\d+m/gu;
const COMBINING = /\p{Mark}|\u200D|\uFE0F/u;
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Emoji_Presentation}/u;

/** Number of terminal columns that the text takes. */
export function textWidth(text: string): number {
  // Nearly all text is plain: its width is its length.
  if (/^[\x20-\x7E]*$/u.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(ANSI, '')) width += characterWidth(character);
  return width;
}

/** The text cut to `width` columns, with an ellipsis in place of the rest. */
export function truncateText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The text in lines of at most `width` columns, broken at spaces; a longer word keeps its line. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The text filled with spaces to `width` columns. */
export function padText(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const filling = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'left' ? text + filling : filling + text;
}

function characterWidth(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
