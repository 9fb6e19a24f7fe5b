import type { Flag } from './flag.ts';
import type { FlagToken, Token } from './tokenize.ts';

/** Value of one occurrence of a flag: a text, or on or off for a switch. */
export type FlagValue = string | boolean;

/** A flag that is not known (yet). */
export interface UnknownFlag {
  /** The flag as typed, with its hyphens and without its value. */
  readonly typed: string;
  /** Index in `positionals` of the argument after it, which may be its value. */
  readonly nextPositional: number | null;
}

/** Command line arguments, sorted into positionals and flags. */
export interface ScannedArguments {
  readonly positionals: readonly string[];
  /** Index of each positional among the tokens. */
  readonly places: readonly number[];
  /** Values by flag name, in the order given. */
  readonly flags: ReadonlyMap<string, readonly FlagValue[]>;
  readonly unknown: readonly UnknownFlag[];
  /** All other problems, as sentences. */
  readonly problems: readonly string[];
}

/** Separates flags, their values and positionals, for these flags. Never throws: it lists the problems. */
export function interpret(tokens: readonly Token[], known: readonly Flag[]): ScannedArguments {
  const scan = new Scan(known);
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind === 'flag') index += scan.takeFlag(token, tokens[index + 1]?.text);
    if (token?.kind === 'text') scan.takePositional(token.text, index);
  }
  return scan;
}

class Scan implements ScannedArguments {
  readonly positionals: string[] = [];
  readonly places: number[] = [];
  readonly flags = new Map<string, readonly FlagValue[]>();
  readonly unknown: UnknownFlag[] = [];
  readonly problems: string[] = [];
  readonly #known: ReadonlyMap<string, Flag>;

  constructor(known: readonly Flag[]) {
    this.#known = new Map(known.map((flag) => [flag.name, flag]));
  }

  takePositional(text: string, index: number): void {
    this.positionals.push(text);
    this.places.push(index);
  }

  /** Takes a flag; returns how many of the following arguments were its value. */
  takeFlag({ typed, name, inline }: FlagToken, next: string | undefined): 0 | 1 {
    const flag = typed.startsWith('--') ? this.#known.get(name) : undefined;
    if (flag?.value !== undefined) return this.#takeValue(flag, inline, next);
    if (flag !== undefined) return this.#takeSwitch(flag, inline, true);
    const negated = this.#known.get(name.replace(/^no-/u, ''));
    if (typed.startsWith('--no-') && negated?.isNegatable === true) {
      return this.#takeSwitch(negated, inline, false);
    }
    const hasNext = inline === undefined && next !== undefined && !next.startsWith('--');
    this.unknown.push({ typed, nextPositional: hasNext ? this.positionals.length : null });
    return 0;
  }

  #takeValue(flag: Flag, inline: string | undefined, next: string | undefined): 0 | 1 {
    if (inline !== undefined) {
      this.#add(flag, inline);
      return 0;
    }
    if (next === undefined || next.startsWith('--')) {
      this.problems.push(`--${flag.name} needs a value (${flag.value ?? 'VALUE'}).`);
      return 0;
    }
    this.#add(flag, next);
    return 1;
  }

  #takeSwitch(flag: Flag, inline: string | undefined, on: boolean): 0 {
    if (inline === undefined) this.#add(flag, on);
    else if (inline === 'true' || inline === 'false') this.#add(flag, (inline === 'true') === on);
    else this.problems.push(`--${flag.name} is a switch: it takes no value.`);
    return 0;
  }

  #add(flag: Flag, value: FlagValue): void {
    const before = this.flags.get(flag.name) ?? [];
    if (before.length === 1 && flag.isRepeatable !== true) {
      this.problems.push(`--${flag.name} is given more than once.`);
    }
    this.flags.set(flag.name, [...before, value]);
  }
}

/** The tokens without a positional that was read. */
export function withoutPositional(
  tokens: readonly Token[],
  { places, positionals }: ScannedArguments,
  positional: string,
): readonly Token[] {
  const place = places[positionals.indexOf(positional)];
  return tokens.filter((_, index) => index !== place);
}
