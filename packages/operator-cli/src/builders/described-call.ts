import { OperatorError } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { Engine, GatedSubject } from 'operator-engine';
import { describedHelp, namesHelp } from '../command/action-help.ts';
import type { Described } from '../arguments/described.ts';
import { helpOf, nameIn, parseArguments, peekArguments } from '../command/parse-arguments.ts';
import { readFlag } from '../arguments/read-flag.ts';
import { missingFrom, readParameters, toParameterFlags } from '../arguments/read-parameters.ts';
import { readText } from '../arguments/read-text.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';
import type { Invocation } from '../command/command.ts';
import { createUsageError } from '../errors/error-codes.ts';
import { EXIT_CODES } from '../errors/exit-code.ts';
import { commandHelp, printHelp } from '../command/help.ts';
import { suggestCorrected } from '../suggest/corrected-call.ts';
import { withSubject } from '../command/with-engine.ts';

/** A command on one action or observation, with its parameters read. */
export interface DescribedCall<Definition extends Described> {
  readonly engine: Engine;
  readonly subject: GatedSubject;
  readonly definition: Definition;
  readonly parameters: JsonObject;
  readonly scanned: ScannedArguments;
}

/** Lookup of one kind of named things in a subject. */
export interface Catalog<Definition extends Described> {
  /** `action` */
  readonly noun: string;
  list(subject: GatedSubject): readonly Definition[];
  find(subject: GatedSubject, name: string): Definition | undefined;
  /** Throws the engine's own error for a name that does not exist. */
  refuse(subject: GatedSubject, name: string): Promise<never>;
}

/** Action of a command with its call, and further checks of its flags. */
export interface CallOptions<Definition extends Described> {
  readonly catalog: Catalog<Definition>;
  readonly check?: ((scanned: ScannedArguments) => readonly string[]) | undefined;
  use(call: DescribedCall<Definition>): Promise<number>;
}

/** Finds the action or observation, reads its parameters, shows help on request, and calls `use`. */
export async function callDescribed<Definition extends Described>(
  invocation: Invocation,
  options: CallOptions<Definition>,
): Promise<number> {
  const early = peekArguments(invocation);
  const name = nameIn(early);
  const wantsHelp = early.flags.has('help');
  if (name === undefined) {
    return wantsHelp ? helpNames(invocation, options) : refuseNoName(invocation, options);
  }
  if (wantsHelp) return helpOne(invocation, options, name);
  return withSubject(invocation, async (subject, engine) => {
    const definition = options.catalog.find(subject, name);
    if (definition === undefined) return options.catalog.refuse(subject, name);
    const read = await readCall(invocation, { definition, check: options.check });
    return options.use({ engine, subject, definition, ...read });
  });
}

async function readCall<Definition extends Described>(
  invocation: Invocation,
  { definition, check }: { definition: Definition } & Pick<CallOptions<Definition>, 'check'>,
): Promise<{ parameters: JsonObject; scanned: ScannedArguments }> {
  const more = toParameterFlags(definition.parameters);
  const { scanned, problems } = parseArguments(invocation, { positionals: 1, more });
  const json = await readJsonText(scanned, invocation);
  const read = readParameters(definition.parameters, scanned, json);
  const all = [...problems, ...(check?.(scanned) ?? []), ...read.problems];
  if (all.length > 0) {
    const missing = missingFrom(definition.parameters, scanned, read);
    const meant = suggestCorrected(invocation, definition, scanned);
    throw createUsageError([...all, ...missing], helpOf(invocation, definition.name), meant);
  }
  return { parameters: read.parameters, scanned };
}

async function readJsonText(scanned: ScannedArguments, { io }: Invocation): Promise<string | null> {
  const text = readFlag(scanned, 'params');
  return text === '-' ? readText(io.stdin, io.signal) : (text ?? null);
}

/** Prints the help of one action. When the action cannot be loaded, prints the help of the command and the reason. */
async function helpOne<Definition extends Described>(
  invocation: Invocation,
  { catalog }: CallOptions<Definition>,
  name: string,
): Promise<number> {
  const { command, output } = invocation;
  try {
    return await withSubject(invocation, async (subject) => {
      const definition = catalog.find(subject, name);
      if (definition === undefined) return catalog.refuse(subject, name);
      printHelp(describedHelp(command, definition), output);
      return EXIT_CODES.done;
    });
  } catch (error) {
    if (!OperatorError.isInstance(error) || !['config', 'plugin'].includes(error.kind)) throw error;
    printHelp(commandHelp(command), output);
    output.note(['', `The parameters of ${name} cannot be shown: ${error.message}`]);
    return EXIT_CODES.done;
  }
}

/** Help must also work without a configuration: then it has no names to show. */
async function helpNames<Definition extends Described>(
  invocation: Invocation,
  { catalog }: CallOptions<Definition>,
): Promise<number> {
  const { command, output } = invocation;
  const page = await withSubject(invocation, async (subject) =>
    namesHelp(command, catalog.list(subject)),
  ).catch(() => commandHelp(command));
  printHelp(page, output);
  return EXIT_CODES.done;
}

function refuseNoName<Definition extends Described>(
  invocation: Invocation,
  { catalog }: CallOptions<Definition>,
): never {
  // Its flags cannot be judged without it, so no problem of them is reported.
  const which = `Name the ${catalog.noun}: \`operator ${catalog.noun}s\` lists them.`;
  throw createUsageError([which], helpOf(invocation));
}
