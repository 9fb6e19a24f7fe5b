import type { Flag } from './arguments/flag.ts';
import type { CommandLineIo } from './io.ts';
import type { Output } from './output/output.ts';

/** A command as help shows it; its code is loaded only when it is called. */
export interface Command {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What stands behind the name: `ACTION [--PARAMETER VALUE …] [flags]`. */
  readonly usage: string;
  /** What a person needs to know beyond the summary, a paragraph each. */
  readonly details?: readonly string[];
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  load(): Promise<CommandModule>;
}

/** A command line that works as it stands, and what it is for. */
export type Example = readonly [commandLine: string, purpose: string];

/** What a file in `commands/` exports. */
export interface CommandModule {
  /** Does the command and answers with the exit code. What it throws is reported by the caller. */
  execute(invocation: Invocation): Promise<number>;
}

/** One call of a command. */
export interface Invocation {
  readonly command: Command;
  /** Everything on the command line but the command itself. */
  readonly argv: readonly string[];
  readonly io: CommandLineIo;
  readonly output: Output;
}
