import type { Readable } from 'node:stream';

/** Destination of text. */
export interface TextSink {
  write(text: string): unknown;
  /** Columns of the terminal, where it is one. */
  readonly columns?: number | undefined;
  /** True when more than it can pass on is waiting in it. */
  readonly writableNeedDrain?: boolean;
  once?(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
}

/** Everything of the process that a command line touches. */
export interface CommandLineIo {
  readonly stdin: Readable;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The actor that an embedding program has authenticated. Default: the operating system's user. Never an argument. */
  readonly user?: string;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Forgets what was typed on the terminal and not read yet, where stdin is one. */
  readonly dropTyped?: () => void;
  /** Aborts the command: on Ctrl-C, or with an error as its reason. */
  readonly signal: AbortSignal;
}
