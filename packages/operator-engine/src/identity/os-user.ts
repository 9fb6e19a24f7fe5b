import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { outerUid, readUserNamespace } from './user-namespace.ts';

/** The user of the operating system that a process runs as. */
export interface OsUser {
  /** `null` on systems without user ids. */
  readonly uid: number | null;
  /** The account's name; `uid:1000` where the number has none. */
  readonly name: string;
}

/** User id of root. */
export const ROOT = 0;

const GETENT = '/usr/bin/getent';
const LOOKUP_MS = 5_000;

/**
 * The user of this process, by its effective user id. In a user namespace a number proves nothing:
 * there the name is the number outside of it, as `uid:1000@user-namespace`.
 */
export function readOsUser(): OsUser {
  const uid = process.geteuid?.() ?? null;
  if (uid === null) return { uid, name: process.env['USERNAME'] ?? 'unknown' };
  const namespace = readUserNamespace();
  if (namespace.kind === 'none') return { uid, name: nameOfUid(uid) };
  return { uid, name: `uid:${outerUid(namespace, uid)}@user-namespace` };
}

/** The name of the account with this number on this machine; `uid:1000` where there is none. */
export function nameOfUid(uid: number): string {
  return nameInFile(uid) ?? nameInDirectory(uid) ?? `uid:${uid}`;
}

function nameInFile(uid: number): string | null {
  try {
    return nameIn(readFileSync('/etc/passwd', 'utf8'), uid);
  } catch {
    return null;
  }
}

/** Accounts that LDAP or another directory holds. */
function nameInDirectory(uid: number): string | null {
  if (!existsSync(GETENT)) return null;
  const options = { encoding: 'utf8', timeout: LOOKUP_MS, env: {} } as const;
  const { stdout, status } = spawnSync(GETENT, ['passwd', String(uid)], options);
  return status === 0 ? nameIn(stdout, uid) : null;
}

/** The first account with this number in lines of the form of `/etc/passwd`. */
function nameIn(lines: string, uid: number): string | null {
  const fields = lines.split('\n').map((line) => line.split(':'));
  const [name] = fields.find(([account = '', , id]) => account !== '' && id === String(uid)) ?? [];
  return name ?? null;
}
