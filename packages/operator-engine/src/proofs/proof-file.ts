import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isJsonObject } from 'operator-core';
import type { JsonObject } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';

const STICKY = 0o1000;
/** Bits of a mode by which others than the owner may write. */
export const OTHERS_WRITE = 0o022;
const LARGEST = 64 * 1024;
const NAME =
  /^[\w-]+\.(?:request|consent|extension|claim|withdrawal|rollback|policy|prune)(?:\.[0-9a-f]{16})?\.json$/u;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** A proof as it is on the disk: its content, and the user who owns the file. */
export interface ProofFile {
  readonly uid: number;
  readonly content: JsonObject;
}

/** The folder of the proofs of a ledger: everyone who may write the ledger's folder may add files to it. */
export function proofFolder(ledgerPath: string): string {
  return `${ledgerPath}.proofs`;
}

/**
 * Makes the folder where it is missing. Where others may write beside the ledger they may write here too,
 * but, as in `/tmp`, only the owners remove a file.
 */
export function prepareFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  const { mode } = statSync(path.dirname(folder));
  mkdirSync(folder, { recursive: true });
  const isShared = (mode & OTHERS_WRITE) !== 0;
  chmodSync(folder, isShared ? (mode & 0o7777) | STICKY : mode & 0o7777);
}

/** Makes a name that no other proof has. */
export function nameOfProof(runId: string, kind: 'request' | 'consent' | 'extension'): string {
  return `${runId}.${kind}.${randomBytes(8).toString('hex')}.json`;
}

/** The name of the only proof of its kind that a run can have. */
export function nameOfOnly(runId: string, kind: 'claim' | 'withdrawal'): string {
  return `${runId}.${kind}.json`;
}

/** Writes a file that must not exist yet; everyone who reaches the folder may read it, the owner alone writes. */
export function writeProof(
  file: string,
  content: JsonObject,
  { durable }: { durable: boolean },
): void {
  const descriptor = openSync(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644);
  try {
    writeFileSync(descriptor, `${JSON.stringify(content)}\n`);
    // The umask must not keep the proof from those who have to read it.
    fchmodSync(descriptor, 0o644);
    if (durable) fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads a proof and its owner from one open file, so that no other file can take its place in between. Returns
 * the reason as a text when the file proves nothing.
 */
export function readProof(folder: string, name: string): ProofFile | string {
  if (!NAME.test(name)) return `${JSON.stringify(name.slice(0, 60))} is not the name of a proof`;
  let descriptor: number;
  try {
    descriptor = openSync(path.join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    return `the file ${name} cannot be read: ${describeCause(error)}`;
  }
  try {
    return readOpen(descriptor, name);
  } catch (error) {
    return `the file ${name} cannot be read: ${describeCause(error)}`;
  } finally {
    closeSync(descriptor);
  }
}

function readOpen(descriptor: number, name: string): ProofFile | string {
  const found = fstatSync(descriptor);
  if (!found.isFile()) return `${name} is no regular file`;
  if (found.nlink !== 1) return `the file ${name} has ${found.nlink} names: it can be another's`;
  if ((found.mode & OTHERS_WRITE) !== 0) return `others than its owner may write the file ${name}`;
  if (found.size > LARGEST) return `the file ${name} is too large`;
  const content: unknown = JSON.parse(readFileSync(descriptor, 'utf8'));
  if (!isJsonObject(content)) return `the file ${name} is no proof`;
  return { uid: found.uid, content };
}

/** Removes a proof when this user is allowed to. */
export function removeProof(folder: string, name: string): void {
  if (!NAME.test(name)) return;
  try {
    rmSync(path.join(folder, name), { force: true });
  } catch {
    // The file stays as evidence; the ledger no longer counts it.
  }
}
