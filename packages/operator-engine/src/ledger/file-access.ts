import { accessSync, constants, statSync } from 'node:fs';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { createWriteError } from './write-obstacle.ts';

const STICKY = 0o1000;
const OTHERS_WRITE = 0o002;

/**
 * Throws `LEDGER_NOT_TRUSTED` for a folder that every user may write, unless it is sticky as `/tmp` is: any user could
 * replace any file in it.
 */
export function requireClosed(directory: string, location: string): void {
  const { mode } = statSync(directory);
  if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return;
  throw createEngineError('LEDGER_NOT_TRUSTED', {
    message: `The ledger ${location} is not used: every user may write its folder, and could replace it.`,
    remedy: `Close the folder: chmod o-w ${directory}. To share it with a group: chgrp GROUP ${directory}, and chmod 2770 ${directory}.`,
    facts: { location, directory, mode: (mode & 0o7777).toString(8) },
  });
}

/** Throws `LEDGER_UNWRITABLE` for a file that this process may not read and write. */
export function requireWritable(location: string): void {
  try {
    accessSync(location, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { uid, gid, mode } = statSync(location);
    const permissions = (mode & 0o777).toString(8).padStart(3, '0');
    const isRight = error instanceof Error && 'code' in error && error.code === 'EACCES';
    const why = isRight
      ? `You may not write the ledger ${location}: it belongs to user ${uid} and group ${gid}, with mode ${permissions}`
      : `The ledger ${location} cannot be written: ${describeCause(error)}`;
    throw createWriteError(location, {
      message: `${why}. Reading the ledger takes its locks, which needs write access.`,
      remedy:
        'Give the file and its folder to a group of all users of the ledger: chgrp GROUP, and chmod g+w.',
      facts: { location, uid, gid, mode: permissions },
      cause: error,
    });
  }
}
