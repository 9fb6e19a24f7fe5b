import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Another user of this machine. */
export interface SecondUser {
  readonly name: string;
  readonly uid: number;
}

/**
 * Finds another user who can run the program; `null` when this process cannot act as another user. Only
 * root can, and the checkout must be readable for others.
 */
export function findSecondUser(program: readonly string[]): SecondUser | null {
  if (process.getuid?.() !== 0) return null;
  const [node = '', ...words] = program;
  const canRun = ({ uid }: SecondUser): boolean =>
    spawnSync(node, [...words, '--version'], { uid }).status === 0;
  return listUsers().find(canRun) ?? null;
}

/** Real people first, then accounts of the system. */
function listUsers(): readonly SecondUser[] {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', _password, uid]) => ({ name, uid: Number(uid) }))
    .filter(({ name, uid }) => name !== '' && name !== 'nobody' && uid > 0);
  const people = users.filter(({ uid }) => uid >= 1000);
  return [...people, ...users.filter(({ uid }) => uid < 1000)].slice(0, 3);
}
