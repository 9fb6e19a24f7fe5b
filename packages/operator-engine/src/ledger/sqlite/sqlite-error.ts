import { createCorrupt } from '../rules/store/store-errors.ts';
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { OperatorError } from 'operator-core';
import { describeCause } from '../../errors/describe-cause.ts';
import { createEngineError } from '../../errors/engine-error.ts';
import { createWriteError } from '../write-obstacle.ts';
import { describeHolder, findLockHolder, remedyAgainst } from '../lock-holder.ts';

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
  if (isOutOfRange(error)) return createCorrupt(location, error);
  const code = codeOf(error);
  if (code === null || OperatorError.isInstance(error)) return error;
  const said = { cause: error, facts: { location, sqlite: code } };
  const why = `${location}: ${describeCause(error)}`;
  if (code === SHORT_READ || SHAPE_IS_GONE.test(why)) return createCorrupt(location, error);
  switch (isOfFullDisk(code, location) ? PRIMARY.full : code & 0xff) {
    case PRIMARY.busy:
    case PRIMARY.locked:
      return createBusy(location, error, code);
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
      return createWriteError(location, {
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

/** `LEDGER_BUSY`, with the process that is in the way where that can be read. */
function createBusy(location: string, cause: unknown, sqlite: number): OperatorError {
  const holder = findLockHolder(location);
  const why = `Other processes hold the ledger for too long: ${location}: ${describeCause(cause)}`;
  return createEngineError('LEDGER_BUSY', {
    message: `${why}${holder === null ? '' : ` (${describeHolder(holder)})`}.`,
    remedy: remedyAgainst(holder),
    retryable: true,
    facts: { location, sqlite, ...(holder === null ? {} : { holder: { ...holder } }) },
    cause,
  });
}

/** True for a stored number that JavaScript cannot hold: no ledger writes one. */
function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** SQLite's extended result code. */
function codeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}
