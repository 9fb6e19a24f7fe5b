import type { Flag } from './flag.ts';

/** Value of one occurrence of a flag: a text, or on or off for a switch. */
export type FlagValue = string | boolean;

/** A flag that is not known (yet). */
export interface UnknownFlag {
  /** As typed, with its hyphens and without its value. */
  readonly typed: string;
  /** The argument behind it that may be its value or may be a positional: its index in `positionals`. */
  readonly nextPositional: number | null;
}

/** Command line arguments, sorted into positionals and flags. */
export interface ScannedArguments {
  readonly positionals: readonly string[];
  /** Index of each positional in `argv`. */
  readonly places: readonly number[];
  /** By flag name, in the order given. */
  readonly flags: ReadonlyMap<string, readonly FlagValue[]>;
  readonly unknown: readonly UnknownFlag[];
  /** Sentences: everything else that is wrong. */
  readonly problems: readonly string[];
}

const SHORT: Readonly<Record<string, string>> = { '-h': '--help', '-y': '--yes' };

/** Tells flags, their values and positionals apart. Never throws: what is wrong is listed. */
export function scanArguments(argv: readonly string[], known: readonly Flag[]): ScannedArguments {
  const scan = new Scan(known);
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--') {
      for (let rest = index + 1; rest < argv.length; rest += 1) scan.takePositional(argv, rest);
      break;
    }
    const isFlag = argument.startsWith('-') && argument !== '-' && !/^-\d/u.test(argument);
    if (isFlag) index += scan.takeFlag(SHORT[argument] ?? argument, argv[index + 1]);
    else scan.takePositional(argv, index);
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

  takePositional(argv: readonly string[], index: number): void {
    this.positionals.push(argv[index] ?? '');
    this.places.push(index);
  }

  /** Takes a flag; answers how many of the following arguments were its value. */
  takeFlag(argument: string, next: string | undefined): 0 | 1 {
    const [typed, inline] = splitInline(argument);
    const name = typed.replace(/^--?/u, '').replaceAll('_', '-');
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

/** The arguments without a positional that was read. */
export function withoutPositional(
  argv: readonly string[],
  scanned: ScannedArguments,
  positional: string,
): readonly string[] {
  const place = scanned.places[scanned.positionals.indexOf(positional)];
  return argv.filter((_, index) => index !== place);
}

function splitInline(argument: string): readonly [string, string | undefined] {
  const at = argument.indexOf('=');
  return at === -1 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}
