import { checkArguments, didYouMean, freePositionals } from './arguments/check-arguments.ts';
import { GLOBAL_FLAGS } from './arguments/flag.ts';
import type { Flag } from './arguments/flag.ts';
import { interpret, withoutPositional } from './arguments/interpret.ts';
import type { ScannedArguments } from './arguments/interpret.ts';
import { tokenize } from './arguments/tokenize.ts';
import type { Token } from './arguments/tokenize.ts';
import type { Invocation } from './command/command.ts';
import { runCommand } from './commands/change/run.ts';
import { COMMANDS } from './commands/all-commands.ts';
import { createUsageError, toHelp } from './errors/error-codes.ts';
import { EXIT_CODES } from './errors/exit-code.ts';
import { globalHelp, printHelp } from './command/help.ts';
import type { CommandLineIo } from './process/io.ts';
import { OUTPUT_FORMATS } from './arguments/output-format.ts';
import type { OutputFormat } from './arguments/output-format.ts';
import { createOutput } from './output/output.ts';
import type { Output } from './output/output.ts';
import { createOutputLost, createPluginExited } from './errors/process-errors.ts';
import { reportError } from './output/report-error.ts';
import { suggestCommands } from './suggest/meant-command.ts';
import { readVersion } from './version.ts';

/**
 * Runs one command line (without `node` and the program's name) and returns its exit code. Never throws; uses
 * only those parts of the process that `io` holds.
 */
export async function run(given: readonly string[], io: CommandLineIo): Promise<number> {
  // `operator help run` is what many type first.
  const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const context = createContext(argv, io);
  try {
    return await dispatch(context);
  } catch (error) {
    return reportIn(context, error);
  }
}

/** Reports an error in the format of the command line, and returns the exit code. */
export function report(thrown: unknown, argv: readonly string[], io: CommandLineIo): number {
  return reportIn(createContext(argv, io), thrown);
}

/**
 * Reports that the process ended with this exit code before the command did; returns the exit code to end with.
 */
export function reportPluginExit(
  exitCode: number,
  argv: readonly string[],
  io: CommandLineIo,
): number {
  return report(createPluginExited(exitCode), argv, io);
}

/** Reports on stderr that stdout could not be written; returns the exit code to end with. */
export function reportLost(cause: Error, io: CommandLineIo): number {
  return report(createOutputLost(cause), [], io);
}

interface Context {
  readonly tokens: readonly Token[];
  /** The arguments, by the flags of all commands. */
  readonly scanned: ScannedArguments;
  readonly io: CommandLineIo;
  readonly output: Output;
}

function createContext(argv: readonly string[], io: CommandLineIo): Context {
  const tokens = tokenize(argv);
  const scanned = interpret(tokens, everyFlag());
  const output = createOutput(io, { format: formatOf(scanned), color: colorOf(scanned) });
  return { tokens, scanned, io, output };
}

function reportIn({ scanned, output, io }: Context, thrown: unknown): number {
  return reportError(thrown, { output, trace: scanned.flags.has('trace'), signal: io.signal });
}

async function dispatch(context: Context): Promise<number> {
  const { tokens, scanned, io, output } = context;
  if (scanned.flags.has('version')) return printVersion(output);
  const [name] = freePositionals(scanned);
  if (name === undefined) return dispatchHelp(context);
  const rest = withoutPositional(tokens, scanned, name);
  const call = { tokens: rest, globals: interpret(rest, GLOBAL_FLAGS), io, output };
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) return refuseName(name, call);
  return command.execute({ command, ...call });
}

/** `operator` and `operator --help`. */
function dispatchHelp({ scanned, output }: Context): number {
  const problems = checkArguments(scanned, { flags: GLOBAL_FLAGS, positionals: 0 });
  if (problems.length > 0) throw createUsageError(problems, toHelp());
  if (!scanned.flags.has('help')) {
    throw createUsageError(
      [`Name a command: ${COMMANDS.map(({ name }) => name).join(', ')}.`],
      toHelp(),
    );
  }
  printHelp(globalHelp(COMMANDS), output);
  return EXIT_CODES.done;
}

/** Throws `COMMAND_LINE_INVALID` with suggestions. */
async function refuseName(name: string, call: Omit<Invocation, 'command'>): Promise<never> {
  const suggestions = await suggestCommands(name, { command: runCommand, ...call });
  const hint = didYouMean(
    name,
    COMMANDS.map((one) => one.name),
  );
  const shown = JSON.stringify(name.slice(0, 60));
  const problem = `There is no command ${shown}${suggestions.length > 0 ? '.' : hint || '.'}`;
  throw createUsageError([problem], toHelp(), suggestions);
}

function printVersion(output: Output): number {
  const version = readVersion();
  if (output.format === 'text') output.print([version]);
  else output.emit('operator.version/1', { version });
  return EXIT_CODES.done;
}

/** All flags of all commands: enough to tell the command from the value of a flag before it. */
function everyFlag(): readonly Flag[] {
  return [...GLOBAL_FLAGS, ...COMMANDS.flatMap(({ flags }) => flags)];
}

/** The check of the flags reports a wrong format; until then text is the safest. */
function formatOf({ flags }: ScannedArguments): OutputFormat {
  const wanted = flags.get('output')?.at(-1);
  return OUTPUT_FORMATS.find((format) => format === wanted) ?? 'text';
}

function colorOf({ flags }: ScannedArguments): boolean | null {
  const wanted = flags.get('color')?.at(-1);
  return typeof wanted === 'boolean' ? wanted : null;
}
