import type { Flag } from '../arguments/flag.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';
import type { Token } from '../arguments/tokenize.ts';
import type { CommandLineIo } from '../process/io.ts';
import type { Output } from '../output/output.ts';

/** A command: its help, and its work. */
export interface Command {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Arguments after the name: `ACTION [--PARAMETER VALUE …] [flags]`. */
  readonly usage: string;
  /** Details beyond the summary, a paragraph each. */
  readonly details?: readonly string[];
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  /** The commands below it: `runs show` of `runs`. */
  readonly commands?: readonly Command[];
  /** Executes the command and returns the exit code. The caller reports its errors. */
  readonly execute: (invocation: Invocation) => Promise<number>;
}

/** A command line that works as it is, and its purpose. */
export type Example = readonly [commandLine: string, purpose: string];

/** One call of a command. */
export interface Invocation {
  readonly command: Command;
  /** Everything on the command line except the command itself. */
  readonly tokens: readonly Token[];
  /** Values of the flags that every command takes. */
  readonly globals: ScannedArguments;
  readonly io: CommandLineIo;
  readonly output: Output;
}
