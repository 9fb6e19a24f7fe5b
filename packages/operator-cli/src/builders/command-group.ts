import { didYouMean, freePositionals } from '../arguments/check-arguments.ts';
import { GLOBAL_FLAGS } from '../arguments/flag.ts';
import type { Flag } from '../arguments/flag.ts';
import { helpOf } from '../command/parse-arguments.ts';
import { interpret, withoutPositional } from '../arguments/interpret.ts';
import type { Command, Invocation } from '../command/command.ts';
import { createUsageError } from '../errors/error-codes.ts';
import type { Suggestion } from '../errors/suggestion.ts';
import { EXIT_CODES } from '../errors/exit-code.ts';
import { commandHelp, printHelp } from '../command/help.ts';

/** Several commands under one name: `runs show`, `runs watch`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly details?: readonly string[];
  /** Command of the name alone. Left out: one of the others must be named. */
  readonly plain?: Command;
  /** Each is called by the name of the group and its own: `runs show`. */
  readonly commands: readonly Command[];
  /** Suggestions for a word that names none of them. */
  readonly suggest?: (word: string, invocation: Invocation) => Promise<readonly Suggestion[]>;
}

/** One command of several. A mistyped name gets the nearest ones. */
export function createGroup(group: CommandGroup): Command {
  const { name, summary, details = [], plain, commands } = group;
  const words = commands.map((command) => lastWord(command.name));
  const all = plain === undefined ? commands : [plain, ...commands];
  const flags = uniqueFlags(all.flatMap((command) => command.flags));
  return {
    name,
    summary,
    usage: `${plain === undefined ? words.join('|') : `[${words.join('|')}]`} [flags]`,
    details,
    flags,
    examples: all.flatMap(({ examples }) => examples.slice(0, 1)),
    commands,
    execute: async (invocation) => dispatch(invocation, group),
  };
}

async function dispatch(invocation: Invocation, group: CommandGroup): Promise<number> {
  const { tokens, command } = invocation;
  const scanned = interpret(tokens, [...GLOBAL_FLAGS, ...command.flags]);
  const [word] = freePositionals(scanned);
  const chosen = group.commands.find(({ name }) => lastWord(name) === word);
  if (word !== undefined && chosen !== undefined) {
    const rest = withoutPositional(tokens, scanned, word);
    return chosen.execute({ ...invocation, command: chosen, tokens: rest });
  }
  if (word !== undefined) throw await unknownWord(word, invocation, group);
  if (scanned.flags.has('help')) return printGroupHelp(invocation, group);
  if (group.plain !== undefined) {
    return group.plain.execute({ ...invocation, command: group.plain });
  }
  const words = group.commands.map(({ name }) => lastWord(name));
  throw createUsageError([`Name what to do: ${words.join(', ')}.`], helpOf(invocation));
}

async function unknownWord(
  word: string,
  invocation: Invocation,
  { name, commands, suggest }: CommandGroup,
): Promise<Error> {
  const suggestions = (await suggest?.(word, invocation)) ?? [];
  const hint = didYouMean(
    word,
    commands.map((command) => lastWord(command.name)),
  );
  const shown = JSON.stringify(word.slice(0, 60));
  return createUsageError(
    [`There is no command ${shown} of \`operator ${name}\`${hint || '.'}`],
    helpOf(invocation),
    suggestions,
  );
}

function printGroupHelp(
  { command, output }: Invocation,
  { commands, plain }: CommandGroup,
): number {
  const page = commandHelp({ ...command, flags: plain?.flags ?? [] });
  const section = {
    title: 'Commands',
    entries: commands.map(({ name, summary }) => [name, summary] as const),
  };
  printHelp({ ...page, sections: [section, ...page.sections] }, output);
  return EXIT_CODES.done;
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

function uniqueFlags(flags: readonly Flag[]): readonly Flag[] {
  return [...new Map(flags.map((flag) => [flag.name, flag])).values()];
}
