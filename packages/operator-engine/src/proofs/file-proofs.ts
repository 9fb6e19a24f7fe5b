import { existsSync, lstatSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { createWriteError } from '../ledger/write-obstacle.ts';
import type { Actor } from '../ledger/actor.ts';
import { ExtensionProofs } from './extension-proofs.ts';
import { ROOT, nameOfUid, readOsUser } from '../identity/os-user.ts';
import type { OsUser } from '../identity/os-user.ts';
import { whyFolderIsForeign } from './folder-owner.ts';
import { whyOwnersAreUnknown } from './owner-keeping.ts';
import {
  nameOfOnly,
  nameOfProof,
  prepareFolder,
  proofFolder,
  readProof,
  removeProof,
  writeProof,
} from './proof-file.ts';
import type { ProofFile } from './proof-file.ts';
import { describeDifference } from './describe-difference.ts';
import type {
  ClaimProof,
  ConsentStatement,
  ExtensionStatement,
  ProofName,
  Proofs,
  RequestStatement,
  RunIdentity,
} from './proofs.ts';

const REQUEST_FORMAT = 'operator.request_proof/1';
const CONSENT_FORMAT = 'operator.consent_proof/1';
const CLAIM_FORMAT = 'operator.claim_proof/1';

/**
 * Proofs as files beside the ledger: the kernel writes down who owns a file, and no user but root can make one
 * that is another's. The checking process takes the owner of the file for the user who requested or consented.
 */
export class FileProofs implements Proofs {
  readonly #folder: string;
  readonly #ledgerPath: string;
  readonly #consentMs: number;
  readonly #extensions: ExtensionProofs;

  constructor(ledgerPath: string, options: { consentMs: number }) {
    this.#folder = proofFolder(ledgerPath);
    this.#ledgerPath = ledgerPath;
    this.#consentMs = options.consentMs;
    this.#extensions = new ExtensionProofs(this.#folder, (found) =>
      ownerOf(found, { own: readOsUser(), isBlind: this.whyBlind() !== null }),
    );
  }

  whyBlind(): string | null {
    const place = existsSync(this.#folder) ? this.#folder : path.dirname(this.#folder);
    return whyOwnersAreUnknown(place) ?? whyFolderIsForeign(this.#folder, this.#ledgerPath);
  }

  prepare(): void {
    prepareFolder(this.#folder);
  }

  writeRequest(statement: RequestStatement): ProofName {
    if (process.geteuid === undefined) return null;
    const name = nameOfProof(statement.runId, 'request');
    this.#write(name, toRequest(statement), { durable: false });
    return name;
  }

  writeConsent(statement: ConsentStatement): ProofName {
    const name = nameOfProof(statement.runId, 'consent');
    this.#write(name, toConsent(statement), { durable: true });
    const why = this.checkConsent(statement, name);
    if (why === null) return name;
    this.remove(name);
    throw createNotProvable(why);
  }

  checkRequest(
    statement: RequestStatement,
    proof: ProofName,
    { mayWaitLonger }: { mayWaitLonger: boolean },
  ): string | null {
    const own = readOsUser();
    if (own.uid === null) return null;
    const who = `the request of ${statement.requester.name} is not proven`;
    const found = this.#read(proof, ({ expiresAt: asked }) => {
      const isLater = mayWaitLonger && typeof asked === 'number' && asked < statement.expiresAt;
      return toRequest(isLater ? { ...statement, expiresAt: asked } : statement);
    });
    if (typeof found === 'string') return `${who}: ${found}`;
    const owner = ownerOf(found, { own, isBlind: this.whyBlind() !== null });
    if (owner === statement.requester.name || isOnBehalf(statement, found, own)) return null;
    return `${who}: the proof belongs to ${owner}`;
  }

  checkConsent(statement: ConsentStatement, proof: ProofName): string | null {
    const who = `the consent of ${statement.approver.name} is not proven`;
    const blind = this.whyBlind();
    if (blind !== null) return `${who}: ${blind}`;
    if (statement.expiresAt - statement.givenAt > this.#consentMs) {
      return `${who}: it is valid for longer than a consent may be`;
    }
    const found = this.#read(proof, () => toConsent(statement));
    if (typeof found === 'string') return `${who}: ${found}`;
    const owner = nameOfUid(found.uid);
    return owner === statement.approver.name ? null : `${who}: the proof belongs to ${owner}`;
  }

  markClaimed(run: RunIdentity, options: { durable: boolean }): string | null {
    try {
      prepareFolder(this.#folder);
      const file = path.join(this.#folder, nameOfOnly(run.runId, 'claim'));
      writeProof(file, { format: CLAIM_FORMAT, ...run }, options);
      return null;
    } catch (error) {
      if (!isExisting(error)) throw this.#createUnwritable(error);
      return 'it was begun, and its consents were used up before: this ledger is older than the proofs beside it';
    }
  }

  readClaim(run: RunIdentity): ClaimProof | string {
    const own = readOsUser();
    if (own.uid === null) return { isTrusted: true };
    const expected = { format: CLAIM_FORMAT, ...run };
    const found = this.#read(nameOfOnly(run.runId, 'claim'), () => expected);
    if (typeof found === 'string') return `that it was ever begun is not proven: ${found}`;
    const isRoots = found.uid === ROOT && this.whyBlind() === null;
    return { isTrusted: found.uid === own.uid || isRoots };
  }

  markWithdrawn(run: RunIdentity, { to, by }: { to: string; by: Actor }): string | null {
    const content = { format: 'operator.withdrawal_proof/1', ...run, to, by: toJson(by) };
    const file = path.join(this.#folder, nameOfOnly(run.runId, 'withdrawal'));
    try {
      prepareFolder(this.#folder);
      writeProof(file, content, { durable: true });
    } catch (error) {
      if (!isExisting(error)) return describeCause(error);
    }
    return null;
  }

  checkWithdrawn({ runId }: RunIdentity): string | null {
    const name = nameOfOnly(runId, 'withdrawal');
    const found = lstatSync(path.join(this.#folder, name), { throwIfNoEntry: false });
    if (found === undefined) return null;
    return `it was withdrawn at ${found.mtime.toISOString()} by ${nameOfUid(found.uid)}, as the file ${name} beside the ledger says: this ledger is older`;
  }

  writeExtension(statement: ExtensionStatement): void {
    if (process.geteuid === undefined) return;
    try {
      this.#extensions.write(statement);
    } catch (error) {
      throw this.#createUnwritable(error);
    }
  }

  boundEnd(run: RunIdentity, end: { leaseMs: number; endsAt: number | null }): number | null {
    return process.geteuid === undefined ? end.endsAt : this.#extensions.bound(run, end);
  }

  removeExtensions(runId: string): void {
    if (existsSync(this.#folder)) this.#extensions.removeOf(runId);
  }

  remove(proof: ProofName): void {
    if (proof !== null) removeProof(this.#folder, proof);
  }

  #write(name: string, content: JsonObject, options: { durable: boolean }): void {
    try {
      prepareFolder(this.#folder);
      writeProof(path.join(this.#folder, name), content, options);
    } catch (error) {
      throw this.#createUnwritable(error);
    }
  }

  /** The file, when its content is equal to that of the ledger. */
  #read(proof: ProofName, expect: (content: JsonObject) => JsonObject): ProofFile | string {
    if (proof === null) return 'the ledger names no proof of it';
    const found = readProof(this.#folder, proof);
    if (typeof found === 'string') return found;
    const difference = describeDifference(expect(found.content), found.content);
    if (difference === null) return found;
    return `the proof ${proof} says something else than the ledger: ${difference}`;
  }

  #createUnwritable(error: unknown): Error {
    return createWriteError(this.#folder, {
      message: `The proof of the acting user cannot be written to ${this.#folder}: ${describeCause(error)}. Nothing was done.`,
      remedy: `Make that folder writable for the group of the ledger’s users: chgrp GROUP, and chmod 3770.`,
      facts: { folder: this.#folder },
      cause: error,
    });
  }
}

function toRequest({ requester, terms, ...statement }: RequestStatement): JsonObject {
  return { format: REQUEST_FORMAT, requester: toJson(requester), ...statement, ...terms };
}

function toConsent({ approver, terms, ...statement }: ConsentStatement): JsonObject {
  const said = { decision: 'approved', approver: toJson(approver), ...statement, ...terms };
  return { format: CONSENT_FORMAT, ...said };
}

function toJson({ kind, name }: Actor): JsonObject {
  return { kind, name };
}

/** A process that sees mapped user ids knows one owner only: itself. */
function ownerOf({ uid }: ProofFile, { own, isBlind }: { own: OsUser; isBlind: boolean }): string {
  if (uid === own.uid) return own.name;
  return isBlind ? `uid:${uid}, which this process cannot tell from others` : nameOfUid(uid);
}

/** Cancels and ends of leases are planned in the name of another by the process that carries them out, or by root. */
function isOnBehalf({ terms }: RequestStatement, { uid }: ProofFile, own: OsUser): boolean {
  const { purpose } = terms;
  const isEnginesOwn = purpose === 'cancel' || purpose === 'lease_end';
  return isEnginesOwn && (uid === own.uid || uid === ROOT);
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function createNotProvable(why: string): Error {
  return createEngineError('APPROVAL_REFUSED', {
    message: `The approval does not count, because its owner cannot be proven: ${why}.`,
    remedy: 'Keep the ledger on a local disk of this machine, whose files keep their owners.',
    facts: { because: 'not_provable', why },
  });
}
