import type { Readable } from 'node:stream';
import { createUsageError, toHelp } from '../errors/error-codes.ts';

/** More than any parameters need; enough to stop a wrong file. */
const MOST_PARAMETER_BYTES = 1024 * 1024;

/** Everything on stdin as text. Throws `COMMAND_LINE_INVALID` when it is too much or not UTF-8. */
export async function readText(stdin: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = (): void => void stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stdin) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size > MOST_PARAMETER_BYTES) throw refuse(`is longer than ${MOST_PARAMETER_BYTES} bytes`);
      chunks.push(bytes);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return decode(Buffer.concat(chunks));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('is not UTF-8 text');
  }
}

function refuse(what: string): Error {
  return createUsageError([`The text from stdin ${what}.`], toHelp());
}
