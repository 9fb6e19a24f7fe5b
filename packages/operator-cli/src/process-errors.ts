import type { OperatorError } from 'operator-core';
import { createCliError } from './error-codes.ts';

/** The process ends, and the command has not come to its end: no exit code of others may say that it has. */
export function createPluginExited(exitCode: number): OperatorError {
  return createCliError('PLUGIN_EXITED', {
    message: `The process was ended, with exit code ${exitCode}, before the command had come to its end: code of a plugin called process.exit, or waits for what never comes.`,
    remedy:
      'If a run was under way, `operator runs` shows how far it came. Tell the author of the plugin.',
    facts: { exitCode },
  });
}

/** Error for output of the command that was lost. */
export function createOutputLost(cause: Error): OperatorError {
  return createCliError('OUTPUT_NOT_WRITTEN', {
    message: `stdout could not be written: ${cause.message}.`,
    remedy:
      'What the command did, it did: look with `operator runs` before you repeat a change. Make room where stdout goes.',
    facts: { reason: cause.message },
    cause,
  });
}
