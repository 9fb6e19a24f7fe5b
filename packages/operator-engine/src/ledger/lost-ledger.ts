import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { advise, OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { operations } from '../errors/operations.ts';
import type { Witness } from './witness.ts';

/** Traces of a ledger whose file is gone. */
export interface LostLedger {
  readonly location: string;
  /** Files and folders beside its place that only a ledger leaves. */
  readonly beside: readonly string[];
  /** Ids of the ledgers that this user has used there. */
  readonly seen: readonly string[];
}

/** A file that is being made, before it is put in its place. */
const BEING_MADE = /\.new-\d+-[0-9a-f]+(?:-journal)?$/u;

/** Looks for a ledger that was at a place and is gone; `null` where one is, or none ever was. */
export function findLostLedger(location: string, witness: Witness | null): LostLedger | null {
  if (existsSync(location)) return null;
  const beside = listTraces(location);
  const seen = witness === null ? [] : listSeen(location, witness);
  return beside.length === 0 && seen.length === 0 ? null : { location, beside, seen };
}

/** A name for the place of a ledger that is the same whichever links lead to it, and fits a file's name. */
export function placeOf(location: string): string {
  const real = realPathOf(path.dirname(path.resolve(location)));
  return createHash('sha256')
    .update(path.join(real, path.basename(location)))
    .digest('hex');
}

/** `LEDGER_MISSING`. */
export function createMissing(lost: LostLedger): OperatorError {
  const { location } = lost;
  return createEngineError('LEDGER_MISSING', {
    message: `The ledger ${location} is gone: ${describeTraces(lost)}. Its records are missing: runs under way, leases, consents and others. Nothing was done, and no new ledger was created.`,
    remedy: advise`Put the file or a backup back. If it is lost, check the systems for effects of its leases; then the owner of its folder creates a new ledger with ${operations.acceptRollback()}.`,
    facts: { location, beside: [...lost.beside], seen: [...lost.seen] },
  });
}

/** Throws `LEDGER_NOT_YOURS` unless this process runs as the owner of the folder of a lost ledger, or as root. */
export function requireFolderOwner({ location }: LostLedger): void {
  const user = process.geteuid?.();
  const folder = existingPart(path.dirname(location));
  const { uid: owner } = statSync(folder);
  if (user === undefined || user === 0 || user === owner) return;
  throw createEngineError('LEDGER_NOT_YOURS', {
    message: `Only the owner of the folder ${folder} may create a new ledger in place of a lost one: the folder belongs to user ${owner}, and this process runs as user ${user}.`,
    remedy: 'Run the command as the user who owns the folder.',
    facts: { location, folder, owner, user },
  });
}

/** Part of a sentence. */
export function describeTraces({ beside, seen }: LostLedger): string {
  const left = beside.length === 0 ? [] : [`${beside.join(', ')} stands beside its place`];
  const known = seen.length === 0 ? [] : [`this user has used ledger ${seen.join(', ')} there`];
  return [...left, ...known].join(', and ');
}

/** A witness that cannot be read knows of none: nothing is sent without one. */
function listSeen(location: string, witness: Witness): readonly string[] {
  try {
    return witness.seenAt(placeOf(location));
  } catch (error) {
    if (OperatorError.isInstance(error)) return [];
    throw error;
  }
}

function listTraces(location: string): readonly string[] {
  const [folder, name] = [path.dirname(location), path.basename(location)];
  return listNames(folder).filter((found) => {
    if (found !== `${name}-wal` && !found.startsWith(`${name}.`)) return false;
    return !BEING_MADE.test(found) && isFilled(path.join(folder, found));
  });
}

/** None where there is no such folder: making the ledger says what is in the way. */
function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** An empty folder may have been prepared for a ledger that is still to come. */
function isFilled(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return found.isDirectory() ? readdirSync(file).length > 0 : found.size > 0;
}

/** The real path, also of what is gone by now. */
function realPathOf(folder: string): string {
  const there = existingPart(folder);
  return path.join(realpathSync(there), path.relative(there, folder));
}

function existingPart(folder: string): string {
  let there = folder;
  while (!existsSync(there)) there = path.dirname(there);
  return there;
}
