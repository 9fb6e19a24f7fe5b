/** One argument of a command line, classified without knowing any flag. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | FlagToken
  /** `--`: all that follows is text. */
  | { readonly kind: 'end'; readonly text: string };

/** An argument that is a flag, unless a flag before it takes it as its value. */
export interface FlagToken {
  readonly kind: 'flag';
  /** The whole argument. */
  readonly text: string;
  /** The flag with its hyphens and without its value; a short flag as its long form. */
  readonly typed: string;
  /** The name without the hyphens before it, and with those in it. */
  readonly name: string;
  /** Text after the equals sign. */
  readonly inline: string | undefined;
}

const SHORT: Readonly<Record<string, string>> = { '-h': '--help', '-y': '--yes' };

/**
 * The arguments of a command line as tokens, one for each. A command line is read once; its flags are known
 * later.
 */
export function tokenize(argv: readonly string[]): readonly Token[] {
  const end = findEnd(argv);
  return argv.map((text, index) => {
    if (index === end) return { kind: 'end', text };
    return index < end && isFlag(text) ? toFlag(text) : { kind: 'text', text };
  });
}

function findEnd(argv: readonly string[]): number {
  const end = argv.indexOf('--');
  return end < 0 ? argv.length : end;
}

/** True for a text that begins as a flag and is not a number. */
function isFlag(text: string): boolean {
  return text.startsWith('-') && text !== '-' && !/^-\d/u.test(text);
}

function toFlag(text: string): FlagToken {
  const long = SHORT[text] ?? text;
  const at = long.indexOf('=');
  const typed = at < 0 ? long : long.slice(0, at);
  return {
    kind: 'flag',
    text,
    typed,
    name: typed.replace(/^--?/u, '').replaceAll('_', '-'),
    inline: at < 0 ? undefined : long.slice(at + 1),
  };
}
