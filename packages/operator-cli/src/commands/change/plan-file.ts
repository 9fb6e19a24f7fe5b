import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { advise } from 'operator-core';
import type { Plan } from 'operator-core';
import { createCliError } from '../../errors/error-codes.ts';

/** More than any plan needs; enough to stop a wrong file. */
const LARGEST_PLAN = 16 * 1024 * 1024;

/** A file that the command line names. */
export interface NamedFile {
  readonly cwd: string;
  readonly file: string;
}

/**
 * Writes a plan as a document, to a file that must not exist yet and that only its owner may read.
 * Throws `PLAN_NOT_WRITTEN`.
 */
export async function writePlanFile(plan: Plan, { cwd, file }: NamedFile): Promise<void> {
  const { formatPlanDocument } = await import('operator-engine');
  const path = resolve(cwd, file);
  try {
    writeFileSync(path, formatPlanDocument(plan), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    throw createCliError('PLAN_NOT_WRITTEN', {
      message:
        code === 'EEXIST'
          ? `${path} exists already, and is not overwritten.`
          : `${path} could not be written: ${message}.`,
      remedy: advise`Name another file with ${{ operation: 'choose_file', out: null }}.`,
      facts: { path, reason: code },
      cause: error,
    });
  }
}

/** The text of a file. Throws `FILE_NOT_READ`. */
export function readNamedFile({ cwd, file }: NamedFile): string {
  const path = resolve(cwd, file);
  try {
    if (statSync(path).size > LARGEST_PLAN) throw new Error('it is larger than 16 MiB');
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    throw createCliError('FILE_NOT_READ', {
      message: `${path} cannot be read: ${message}.`,
      remedy: 'Check that the file exists and that you may read it.',
      facts: { path, reason: code },
      cause: error,
    });
  }
}
