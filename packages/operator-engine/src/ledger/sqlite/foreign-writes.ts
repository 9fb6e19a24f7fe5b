import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** State of the file at the end of a transaction. */
interface Left {
  /** Counted up by SQLite with every change that another connection has made. */
  readonly version: unknown;
  /** The files, for what is written past SQLite. */
  readonly files: string;
}

/** True when anything but one connection has written to the file since its last transaction. */
export class ForeignWrites {
  readonly #location: string;
  readonly #database: DatabaseSync;
  #statement: StatementSync | null = null;
  #version: unknown = null;
  #left: Left | null = null;

  constructor(database: DatabaseSync, location: string) {
    this.#database = database;
    this.#location = location;
  }

  /** Call this in a transaction that may write, before its first statement: nothing else writes until its end. */
  begin(): { isUntouched: boolean } {
    this.#statement ??= this.#database.prepare('PRAGMA data_version');
    this.#version = this.#statement.get()?.['data_version'];
    const left = this.#left;
    this.#left = null;
    const isUntouched = left?.version === this.#version && left?.files === this.#describeFiles();
    return { isUntouched };
  }

  /** Call this right after the transaction was committed. A transaction that fails leaves nothing to compare with. */
  end(): void {
    this.#left = { version: this.#version, files: this.#describeFiles() };
  }

  /** The kernel alone sets the times of change. Root changes them by opening the files, which costs a comparison. */
  #describeFiles(): string {
    return [this.#location, `${this.#location}-wal`].map(describe).join(' ');
  }
}

function describe(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return 'none';
  return `${found.dev}:${found.ino}:${found.size}:${found.ctimeMs}`;
}
