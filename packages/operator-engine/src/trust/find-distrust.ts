import { lstatSync, realpathSync } from 'node:fs';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { ROOT, nameOfUid } from '../identity/os-user.ts';
import { isPrivateGroup } from './private-group.ts';

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/** A file or folder through which another user could put code or rules before this one. */
export interface Distrust {
  readonly path: string;
  /** One clause: `it belongs to ann`. */
  readonly why: string;
}

/**
 * The first place, from the file up to the root of the file system, that another user than this one and
 * root owns or may write; `null` where there is none. A folder like `/tmp`, in which everyone keeps their
 * own, does not count: there the place below it must be this user's or root's. Nothing counts at or below a
 * place that `isTrusted` names.
 */
export function findDistrust(file: string, isTrusted: (place: string) => boolean): Distrust | null {
  if (process.geteuid === undefined) return null;
  const lexical = path.resolve(file);
  // A link and what it leads to are two ways to the file: others may change neither.
  return findUpwards(lexical, isTrusted) ?? findUpwards(toReal(lexical), isTrusted);
}

/** Target of links; a pipe of this process stays as it is. */
function toReal(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function findUpwards(file: string, isTrusted: (place: string) => boolean): Distrust | null {
  const places = placesFrom(file);
  if (places.some(isTrusted)) return null;
  for (const place of places) {
    const why = objectionTo(lstatSync(place));
    if (why !== null) return { path: place, why };
  }
  return null;
}

/** The file, its folder, and so on up to the root. */
function placesFrom(file: string): readonly string[] {
  const above = path.dirname(file);
  return above === file ? [file] : [file, ...placesFrom(above)];
}

function objectionTo(found: Stats): string | null {
  const { uid, gid, mode } = found;
  if (uid !== ROOT && uid !== process.geteuid?.()) return `it belongs to ${nameOfUid(uid)}`;
  // Links have no permissions of their own, and in a sticky folder only the owner replaces a file.
  if (found.isSymbolicLink() || (found.isDirectory() && (mode & STICKY) !== 0)) return null;
  if ((mode & OTHERS_WRITE) !== 0) return 'every user may write it';
  const isShared = (mode & GROUP_WRITES) !== 0 && !isPrivateGroup(gid);
  return isShared ? `the group ${gid} may write it` : null;
}
