import { statSync } from 'node:fs';
import { createEngineError } from '../errors/engine-error.ts';

/** The owner of a ledger's file. */
export class FileOwner {
  readonly #location: string;

  /** `location`: of the file. */
  constructor(location: string) {
    this.#location = location;
  }

  /** User id of the owner. */
  uid(): number {
    return statSync(this.#location).uid;
  }

  /** Throws `LEDGER_NOT_YOURS` unless this process may act for the owner. `doing`: as in "prunes it". */
  require(doing: string): void {
    const [user, owner, location] = [process.geteuid?.(), this.uid(), this.#location];
    if (user === undefined || user === 0 || user === owner) return;
    throw createEngineError('LEDGER_NOT_YOURS', {
      message: `Only the owner of the ledger ${location} ${doing}: the file belongs to user ${owner}, and this process runs as user ${user}.`,
      remedy: 'Run the command as the user who owns the file.',
      facts: { location, owner, user },
    });
  }
}
