import { advise } from 'operator-core';
import type { NextOperation, OperatorError } from 'operator-core';
import { createCliError } from './error-codes.ts';

/** The same operation as that of the engine, which may not be loaded when these errors are made. */
export const LIST_RUNS: NextOperation = { operation: 'list_runs' };

/** Error of a process that exits before its command finished: a foreign exit code must not report success. */
export function createPluginExited(exitCode: number): OperatorError {
  return createCliError('PLUGIN_EXITED', {
    message: `The process exited with code ${exitCode} before the command finished: a plugin called process.exit or is waiting on something that never resolves.`,
    remedy: advise`If a run was under way, ${LIST_RUNS} shows how far it came. Tell the author of the plugin.`,
    facts: { exitCode },
  });
}

/** Error for output of the command that was lost. */
export function createOutputLost(cause: Error): OperatorError {
  return createCliError('OUTPUT_NOT_WRITTEN', {
    message: `stdout could not be written: ${cause.message}.`,
    remedy: advise`The command may have changed something: check ${LIST_RUNS} before you repeat it. Make room where stdout goes.`,
    facts: { reason: cause.message },
    cause,
  });
}
