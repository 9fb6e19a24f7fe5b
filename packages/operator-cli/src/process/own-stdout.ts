import type { TextSink } from './io.ts';

type Stream = NodeJS.WriteStream;

/**
 * The program's stdout, for its documents and tables only: all other writes to `process.stdout` (code of a
 * plugin that logs) go to stderr from now on.
 */
export class OwnStdout implements TextSink {
  readonly #stream: Stream;
  readonly #write: Stream['write'];
  #hasWritten = false;
  #failure: NodeJS.ErrnoException | null = null;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stream = stdout;
    this.#write = stdout.write.bind(stdout);
    stdout.write = stderr.write.bind(stderr);
    stdout.on('error', (error) => this.#fail(error));
  }

  get columns(): number {
    return this.#stream.columns;
  }

  get writableNeedDrain(): boolean {
    return this.#stream.writableNeedDrain;
  }

  /** True when anything was given to it. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Error of a failed write; `null` when there was none, or when the reader went away, as `head` does. */
  get failure(): Error | null {
    return this.#failure?.code === 'EPIPE' ? null : this.#failure;
  }

  once(event: 'drain' | 'close' | 'error', listener: () => void): void {
    this.#stream.once(event, listener);
  }

  write(text: string): void {
    this.#hasWritten = true;
    this.#pass(text, () => {});
  }

  /** Waits until everything given to it is written, or cannot be written. */
  async drain(): Promise<void> {
    if (!this.#stream.writable) return;
    await new Promise<void>((resolve) => {
      this.#pass('', resolve);
    });
  }

  #pass(text: string, done: () => void): void {
    try {
      this.#write(text, (error) => {
        if (error) this.#fail(error);
        done();
      });
    } catch (error) {
      // Writing to a file can throw at once.
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      done();
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
  }
}
