import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { createEngineError } from '../../engine-error.ts';

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;

/**
 * Makes the ledger's file and its directory where they are missing. A file that cannot be written is not
 * opened at all: SQLite would leave companions of it behind that lock out those who can.
 */
export function prepareFile(location: string): void {
  const directory = path.dirname(location);
  mkdirSync(directory, { recursive: true });
  if (existsSync(location)) requireWritable(location);
  else makeFile(location, statSync(directory).mode);
}

/** SQLite gives the companions of a file its mode, but makes the file itself only for its owner to write. */
function makeFile(location: string, directoryMode: number): void {
  const isShared = (directoryMode & GROUP_WRITES) !== 0 && (directoryMode & STICKY) === 0;
  const mode = 0o600 | (directoryMode & (isShared ? 0o064 : 0o044));
  try {
    const file = openSync(location, 'wx', mode);
    // The umask counts for the directory: there somebody has decided who may write.
    fchmodSync(file, mode);
    closeSync(file);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(location)) throw error;
  }
}

function requireWritable(location: string): void {
  try {
    accessSync(location, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { uid, gid, mode } = statSync(location);
    const permissions = (mode & 0o777).toString(8).padStart(3, '0');
    throw createEngineError('LEDGER_UNWRITABLE', {
      message: `You may not write the ledger ${location}: it belongs to user ${uid} and group ${gid}, with mode ${permissions}. Whoever reads it takes part in its locks, and has to write.`,
      remedy:
        'Let a group that all of you are in write the file and its directory: chgrp, and chmod g+w.',
      facts: { location, uid, gid, mode: permissions },
      cause: error,
    });
  }
}
