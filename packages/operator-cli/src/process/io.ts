import type { Readable } from 'node:stream';

/** Destination of text. */
export interface TextSink {
  write(text: string): unknown;
  /** Columns of the terminal; absent when it is none. */
  readonly columns?: number | undefined;
  /** True when the stream's buffer is full. */
  readonly writableNeedDrain?: boolean;
  once?(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
}

/** All parts of the process that a command line uses. */
export interface CommandLineIo {
  readonly stdin: Readable;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The actor that an embedding program has authenticated. Default: the operating system's user. Never an argument. */
  readonly user?: string;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Discards unread text that was typed on the terminal, when stdin is a terminal. */
  readonly dropTyped?: () => void;
  /** Aborts the command: on Ctrl-C, or with an error as its reason. */
  readonly signal: AbortSignal;
}
