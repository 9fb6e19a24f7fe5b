import { statfsSync } from 'node:fs';
import { describeCause } from '../errors/describe-cause.ts';
import { readUserNamespace } from '../identity/user-namespace.ts';

/** Magic numbers of file systems, from Linux's `magic.h`, that keep the owner of a file on this machine. */
const OWNER_KEEPING: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x5846_5342, 'xfs'],
  [0x9123_683e, 'btrfs'],
  [0x0102_1994, 'tmpfs'],
  [0x794c_7630, 'overlayfs'],
  [0x2fc1_2fc1, 'zfs'],
  [0xf2f5_2010, 'f2fs'],
  [0xca45_1a4e, 'bcachefs'],
  [0x8584_58f6, 'ramfs'],
]);

/**
 * The reason why this process cannot tell who owns a file in a directory; `null` where it can. Fails closed: a
 * file system that is not known to keep owners, such as vfat or NFS, counts as one that does not.
 */
export function whyOwnersAreUnknown(directory: string): string | null {
  if (process.geteuid === undefined) return 'this system has no user ids';
  const namespace = readUserNamespace();
  if (namespace.kind === 'own')
    return 'this process runs in a user namespace, where user ids are mapped';
  if (namespace.kind === 'unreadable') return '/proc does not say whether user ids are mapped';
  if (process.platform !== 'linux') return null;
  try {
    const { type } = statfsSync(directory);
    // Node gives the number signed on some platforms.
    const magic = type >>> 0;
    if (OWNER_KEEPING.has(magic)) return null;
    return `the file system of ${directory} (type 0x${magic.toString(16)}) is not known to keep the owners of files`;
  } catch (error) {
    return `the file system of ${directory} cannot be looked at: ${describeCause(error)}`;
  }
}
