import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from 'operator-core';
import { describeCause } from '../../describe-cause.ts';
import { createEngineError } from '../../engine-error.ts';

const PRIMARY = { busy: 5, locked: 6, inputOutput: 10, corrupt: 11, full: 13, notADatabase: 26 };
/** Less came from the file than must be there: it was cut off. */
const SHORT_READ = 522;
/** Every statement fits the shape of a ledger: where it does not fit, there is none any more. */
const SHAPE_IS_GONE = /no such (?:table|column|index)/u;

/** True when other connections were in the way. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && [PRIMARY.busy, PRIMARY.locked].includes(code & 0xff);
}

/** Engine error for an error of SQLite. Any other value is returned unchanged. */
export function toLedgerError(error: unknown, location: string): unknown {
  const code = codeOf(error);
  if (code === null || OperatorError.isInstance(error)) return error;
  const said = { cause: error, facts: { location, sqlite: code } };
  const why = `${location}: ${describeCause(error)}`;
  if (code === SHORT_READ || SHAPE_IS_GONE.test(why)) return createCorrupt(location, error);
  switch (isOfFullDisk(code, location) ? PRIMARY.full : code & 0xff) {
    case PRIMARY.busy:
    case PRIMARY.locked:
      return createEngineError('LEDGER_BUSY', {
        message: `Other processes hold the ledger for too long: ${why}.`,
        remedy: 'Try again; when it stays so, look which process holds the file.',
        retryable: true,
        ...said,
      });
    case PRIMARY.full:
      return createEngineError('LEDGER_FULL', {
        message: `There is no space left for the ledger: ${why}. Nothing was written.`,
        remedy: 'Make space on the disk, or prune the ledger, and try again.',
        ...said,
      });
    case PRIMARY.corrupt:
    case PRIMARY.notADatabase:
      return createCorrupt(location, error);
    default:
      return createEngineError('LEDGER_UNWRITABLE', {
        message: `The ledger cannot be used: ${why}.`,
        remedy: 'Check that you may read and write the file and its directory.',
        ...said,
      });
  }
}

/** Files beside the ledger that cannot grow fail by an input error, not by the one for a full disk. */
function isOfFullDisk(code: number, location: string): boolean {
  if ((code & 0xff) !== PRIMARY.inputOutput) return false;
  try {
    return statfsSync(dirname(location)).bavail === 0;
  } catch {
    return false;
  }
}

/** `LEDGER_CORRUPT`. */
export function createCorrupt(location: string, cause: unknown): OperatorError {
  return createEngineError('LEDGER_CORRUPT', {
    message: `The ledger is damaged, or the file is no ledger: ${location}: ${describeCause(cause)}.`,
    remedy:
      'Keep the file as it is, put a backup in its place, and look at what runs since then did.',
    facts: { location },
    cause,
  });
}

/** SQLite's extended result code. */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}
