import { existsSync, readFileSync } from 'node:fs';

/** The map of user ids where no user namespace is between this process and the machine. */
const WHOLE_MACHINE = '0 0 4294967295';

/**
 * The user namespace of this process. `none`: user ids are those of the machine. `own`: they are
 * mapped, so that the same number can be another user. `unreadable`: Linux does not say.
 */
export type UserNamespace =
  | { readonly kind: 'none' }
  | { readonly kind: 'own'; readonly ranges: readonly (readonly number[])[] }
  | { readonly kind: 'unreadable' };

/** Reads the map of user ids of this process. Only Linux has one. */
export function readUserNamespace(): UserNamespace {
  if (process.platform !== 'linux') return { kind: 'none' };
  try {
    const ranges = readFileSync('/proc/self/uid_map', 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/u).map(Number));
    const isWhole = ranges.length === 1 && ranges[0]?.join(' ') === WHOLE_MACHINE;
    return isWhole ? { kind: 'none' } : { kind: 'own', ranges };
  } catch {
    // A kernel built without user namespaces has neither of the two files.
    const hasProc = existsSync('/proc/self/stat');
    return hasProc && !existsSync('/proc/self/ns/user') ? { kind: 'none' } : { kind: 'unreadable' };
  }
}

/** The number that a user has outside of a namespace; `unknown` where the map does not tell. */
export function outerUid(namespace: UserNamespace, uid: number): number | 'unknown' {
  const ranges = namespace.kind === 'own' ? namespace.ranges : [];
  for (const [inside = 0, outside = 0, count = 0] of ranges) {
    if (uid >= inside && uid < inside + count) return outside + uid - inside;
  }
  return 'unknown';
}
