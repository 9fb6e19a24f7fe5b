import { closeSync, constants, openSync, readSync } from 'node:fs';

/**
 * Forgets what was typed on the terminal before it was asked for: a `yes` that was typed ahead is no
 * answer to a question that was not shown yet. Without a terminal there is nothing to forget.
 */
export function dropTyped(): void {
  const { stdin } = process;
  let terminal: number;
  try {
    // Opened again: not to wait for more must hold for this reader alone.
    terminal = openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return;
  }
  // A line without its end can only be read like this.
  stdin.setRawMode?.(true);
  try {
    const typed = Buffer.alloc(4096);
    while (readSync(terminal, typed) > 0);
  } catch {
    // Nothing more is there.
  } finally {
    stdin.setRawMode?.(false);
    closeSync(terminal);
  }
}
