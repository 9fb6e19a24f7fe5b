import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { whyOwnersAreUnknown } from './owner-keeping.ts';
import { prepareFolder, proofFolder, readProof, writeProof } from './proof-file.ts';
import { ROOT } from '../identity/os-user.ts';

/** Kinds of statements about a ledger that count only from the owner of its file. */
export type StatementKind = 'rollback' | 'policy' | 'prune';

/** A statement of the owner, stored under its entry in the audit. */
export interface OwnerStatement {
  readonly ledgerId: string;
  readonly sequence: number;
  readonly hash: string;
  readonly said: JsonObject;
}

const FORMAT = 'operator.owner_statement/1';

/**
 * Statements by the owner of a ledger, as files of that owner beside it. A row with the same content proves
 * nothing, because every user of the ledger can write rows.
 */
export class OwnerStatements {
  readonly #folder: string;

  constructor(ledgerPath: string) {
    this.#folder = path.join(proofFolder(ledgerPath), 'owner');
  }

  /** Writes a statement; it is on disk when the call returns. Throws `LEDGER_UNWRITABLE`. */
  write(kind: StatementKind, statement: OwnerStatement): void {
    const name = `owner.${kind}.${randomBytes(8).toString('hex')}.json`;
    try {
      prepareFolder(path.dirname(this.#folder));
      prepareFolder(this.#folder);
      const content = { format: FORMAT, kind, ...statement };
      writeProof(path.join(this.#folder, name), content, { durable: true });
    } catch (error) {
      throw createEngineError('LEDGER_UNWRITABLE', {
        message: `The statement of the ledger’s owner cannot be written to ${this.#folder}: ${describeCause(error)}. It has no effect yet.`,
        remedy: 'Make that folder writable for this user, and run the command again.',
        facts: { folder: this.#folder },
        cause: error,
      });
    }
  }

  /** The statements of root and of the ledger's owner, in no order. */
  read(kind: StatementKind, of: { ledgerId: string; owner: number }): readonly OwnerStatement[] {
    return this.#names(kind).flatMap((name) => {
      const found = readProof(this.#folder, name);
      if (typeof found === 'string' || !this.#isTrusted(found.uid, of.owner)) return [];
      const { format, kind: said, ...statement } = found.content;
      const isOfLedger =
        format === FORMAT && said === kind && statement['ledgerId'] === of.ledgerId;
      // The statement was written by this program, or by a user who may state anything.
      return isOfLedger ? [statement as unknown as OwnerStatement] : [];
    });
  }

  /** True for root and the owner. A process with mapped user ids can trust only its own user. */
  #isTrusted(uid: number, owner: number): boolean {
    if (whyOwnersAreUnknown(this.#folder) === null) return uid === ROOT || uid === owner;
    return uid === owner && uid === process.geteuid?.();
  }

  #names(kind: StatementKind): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((name) => name.startsWith(`owner.${kind}.`));
    } catch {
      // The folder is missing until the owner makes the first statement.
      return [];
    }
  }
}
