import type { ActionDefinition, JsonValue } from 'operator-core';
import type { FlagValue, ScannedArguments } from './interpret.ts';

/** A command as a person types it. */
export interface TypedCommand {
  readonly command: string;
  /** The action or observation behind it. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly definition: Pick<ActionDefinition, 'parameters'>;
  /** Ready-made arguments that follow the parameters. */
  readonly rest?: readonly string[];
}

/** The exact command line, quoted for a shell. It leaves secrets out: `--params -` reads them from stdin. */
export function formatCommand(typed: TypedCommand): string {
  const { command, name, parameters, definition, rest = [] } = typed;
  const entries = Object.entries(parameters);
  const shown = entries.filter(([key]) => definition.parameters[key]?.secret !== true);
  const hidden = shown.length === entries.length ? [] : ['--params', '-'];
  const flags = shown.flatMap(([key, value]) =>
    toFlagArguments(toFlagName(key), toFlagValue(value)),
  );
  return formatWords([command, name, ...flags, ...hidden, ...rest]);
}

/** The flag of a parameter or a key: `room_id` is `--room-id`, `maxAge` is `--max-age`. */
export function toFlagName(parameter: string): string {
  return parameter
    .replace(/[A-Z]+/gu, (letters) => `-${letters.toLowerCase()}`)
    .replaceAll('_', '-');
}

/** The given flags with these names, as arguments: a repeated command must keep them. */
export function keepFlags(
  { flags }: ScannedArguments,
  names: readonly string[],
): readonly string[] {
  return names.flatMap((name) => {
    const value = flags.get(name)?.at(-1);
    return value === undefined ? [] : toFlagArguments(name, value);
  });
}

/** A flag as arguments: `--for 30m`, `--no-wait`. */
export function toFlagArguments(name: string, value: FlagValue): readonly string[] {
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  // A text that begins like a flag must follow an equals sign.
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

function toFlagValue(value: JsonValue): FlagValue {
  return typeof value === 'boolean' || typeof value === 'string' ? value : JSON.stringify(value);
}

/** `operator` and its arguments as one line, quoted for a shell. */
export function formatWords(words: readonly string[]): string {
  return formatArguments(['operator', ...words]);
}

/** Arguments as one line, quoted for a shell. */
export function formatArguments(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
