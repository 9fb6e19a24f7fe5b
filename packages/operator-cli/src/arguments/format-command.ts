import type { ActionDefinition, JsonValue, ParamDef } from 'operator-core';

/** A command as somebody would type it. */
export interface TypedCommand {
  readonly command: string;
  /** The action or observation behind it. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly definition: Pick<ActionDefinition, 'parameters'>;
  /** Ready-made arguments that stand behind the parameters. */
  readonly rest?: readonly string[];
}

/** The exact command line, quoted for a shell. Secrets are left out: they are asked for by `--params -`. */
export function formatCommand(typed: TypedCommand): string {
  const { command, name, parameters, definition, rest = [] } = typed;
  const entries = Object.entries(parameters);
  const shown = entries.filter(([key]) => definition.parameters[key]?.secret !== true);
  const hidden = shown.length === entries.length ? [] : ['--params', '-'];
  const flags = shown.flatMap(([key, value]) => toFlags(key, value, definition.parameters[key]));
  return ['operator', command, name, ...flags, ...hidden, ...rest].map(quote).join(' ');
}

/** The flag of a parameter or a key: `room_id` is `--room-id`, `maxAge` is `--max-age`. */
export function toFlagName(parameter: string): string {
  return parameter
    .replace(/[A-Z]+/gu, (letters) => `-${letters.toLowerCase()}`)
    .replaceAll('_', '-');
}

function toFlags(
  key: string,
  value: JsonValue,
  definition: ParamDef | undefined,
): readonly string[] {
  const flag = `--${toFlagName(key)}`;
  if (typeof value === 'boolean') return [value ? flag : `--no-${toFlagName(key)}`];
  if (typeof value === 'string' && definition?.type !== 'object') return withValue(flag, value);
  return withValue(flag, typeof value === 'string' ? value : JSON.stringify(value));
}

function withValue(flag: string, value: string): readonly string[] {
  // A text that begins like a flag has to stand behind an equals sign.
  return value.startsWith('-') ? [`${flag}=${value}`] : [flag, value];
}

function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
