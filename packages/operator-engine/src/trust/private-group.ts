import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ROOT } from '../identity/os-user.ts';

/**
 * True when this user, or root, is the only member of a group, as where each user has a group of their
 * own. A group that the files of this machine do not list is none.
 */
export function isPrivateGroup(gid: number): boolean {
  try {
    const own = process.geteuid?.();
    const names = ['root', userInfo().username];
    const primary = readFields('/etc/passwd').filter(([, , , group]) => group === String(gid));
    const isOthers = primary.some(([, , uid]) => uid !== String(own) && uid !== String(ROOT));
    const listed = readFields('/etc/group').filter(([, , group]) => group === String(gid));
    const members = listed.flatMap(([, , , list = '']) => list.split(',').filter(Boolean));
    return listed.length > 0 && !isOthers && members.every((name) => names.includes(name));
  } catch {
    return false;
  }
}

function readFields(file: string): readonly (readonly string[])[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}
