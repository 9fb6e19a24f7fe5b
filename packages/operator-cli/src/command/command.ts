import type { Flag } from '../arguments/flag.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';
import type { Token } from '../arguments/tokenize.ts';
import type { CommandLineIo } from '../process/io.ts';
import type { Output } from '../output/output.ts';

/** A command: what help shows of it, and what it does. */
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
  /** Does it and answers with the exit code. What it throws is reported by the caller. */
  readonly execute: (invocation: Invocation) => Promise<number>;
}

/** A command line that works as it stands, and what it is for. */
export type Example = readonly [commandLine: string, purpose: string];

/** One call of a command. */
export interface Invocation {
  readonly command: Command;
  /** Everything on the command line but the command itself. */
  readonly tokens: readonly Token[];
  /** Values of the flags that every command takes. */
  readonly globals: ScannedArguments;
  readonly io: CommandLineIo;
  readonly output: Output;
}
