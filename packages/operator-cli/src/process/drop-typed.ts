import { closeSync, constants, openSync, readSync } from 'node:fs';

/**
 * Discards text that was typed on the terminal before a question: a `yes` typed ahead is no answer to a
 * question that was not shown yet. Without a terminal there is nothing to discard.
 */
export function dropTyped(): void {
  const { stdin } = process;
  let terminal: number;
  try {
    // The terminal is opened again, because non-blocking reads must be limited to this reader.
    terminal = openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return;
  }
  // A line without its end can only be read in this way.
  stdin.setRawMode?.(true);
  try {
    const typed = Buffer.alloc(4096);
    while (readSync(terminal, typed) > 0);
  } catch {
    // The terminal has no more text.
  } finally {
    stdin.setRawMode?.(false);
    closeSync(terminal);
  }
}
