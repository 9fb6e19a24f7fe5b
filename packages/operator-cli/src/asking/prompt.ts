import type { Invocation } from '../command/command.ts';

/** Asks questions on stderr and reads the answers from stdin. */
export interface Prompter {
  /** One line; `null` when stdin ends. Rejects when interrupted. */
  ask(question: string): Promise<string | null>;
  close(): void;
}

/** True when a person at a terminal can be asked. */
export function canAsk({ io }: Pick<Invocation, 'io'>): boolean {
  return io.isTTY.stdin && io.isTTY.stderr;
}

/**
 * Starts to read stdin, line by line, until it is closed. With `isFresh` only what is typed from now on
 * counts.
 */
export async function openPrompter(
  { io, output }: Pick<Invocation, 'io' | 'output'>,
  { isFresh = false }: { isFresh?: boolean } = {},
): Promise<Prompter> {
  // Few commands ask anything, and this module is slow to load.
  const { createInterface } = await import('node:readline');
  if (isFresh) io.dropTyped?.();
  // The interface does not treat stdin as a terminal: the line stays cooked, so that Ctrl-C stays a signal.
  const reader = createInterface({ input: io.stdin, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async ask(question) {
      const aborted = Promise.withResolvers<never>();
      const answer = Promise.race([lines.next(), aborted.promise]);
      const abort = (): void => {
        output.noteRaw('\n');
        aborted.reject(io.signal.reason);
      };
      io.signal.addEventListener('abort', abort, { once: true });
      // It may have been too late to listen.
      if (io.signal.aborted) abort();
      else output.noteRaw(question);
      try {
        const { value, done } = await answer;
        // Ctrl-D leaves the cursor behind the question.
        if (done === true) output.noteRaw('\n');
        return done === true ? null : value;
      } finally {
        io.signal.removeEventListener('abort', abort);
      }
    },
    close: () => reader.close(),
  };
}
