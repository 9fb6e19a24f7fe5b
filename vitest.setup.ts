import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MEMORY = '/dev/shm';
const ROOM = 2 ** 30;

/**
 * Gives the tests of a package a folder for temporary files, and keeps what they leave as state of a user out of the home
 * of the one who runs them.
 */
export default function setup(): () => void {
  // Ledgers are synced thousands of times, and no test cuts the power: in memory nothing waits for the disk.
  const parent = hasRoom(MEMORY) ? MEMORY : tmpdir();
  const directory = mkdtempSync(path.join(parent, 'operator-test-'));
  // Tests run as other users too.
  chmodSync(directory, 0o1777);
  process.env['TMPDIR'] = directory;
  process.env['XDG_STATE_HOME'] = mkdtempSync(path.join(directory, 'state-'));
  chmodSync(process.env['XDG_STATE_HOME'], 0o1777);
  return () => rmSync(directory, { recursive: true, force: true });
}

/** True for a file system with a gigabyte to spare; containers often have one of 64 MB. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
