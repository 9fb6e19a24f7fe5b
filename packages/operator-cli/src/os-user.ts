import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** What the kernel says where no user namespace is between this process and the machine. */
const SAME_EVERYWHERE = '0 0 4294967295';

/**
 * Whoever the process runs as, by the number of the user and nothing else. A container may give it a
 * number that has no name. In a user namespace anybody can have any number: there it is the number
 * outside of it that counts, and no name.
 */
export function readOsUser(): string {
  const uid = process.getuid?.();
  const outer = uid === undefined ? null : readOuterUid(uid);
  if (outer !== null) return `uid:${outer}@user-namespace`;
  try {
    return userInfo().username;
  } catch {
    return `uid:${uid ?? 'unknown'}`;
  }
}

/** The number that the user has outside of this user namespace; `null` where there is none. */
function readOuterUid(uid: number): number | 'unknown' | null {
  const ranges = readRanges();
  if (ranges === null || (ranges.length === 1 && ranges[0]?.join(' ') === SAME_EVERYWHERE)) {
    return null;
  }
  for (const [inside = 0, outside = 0, count = 0] of ranges) {
    if (uid >= inside && uid < inside + count) return outside + uid - inside;
  }
  return 'unknown';
}

/** From, to and how many; `null` on systems without user namespaces. */
function readRanges(): readonly (readonly number[])[] | null {
  try {
    const lines = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/u).map(Number));
  } catch {
    return null;
  }
}
