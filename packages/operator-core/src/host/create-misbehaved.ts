import { OperatorError } from '../contract/operator-error.ts';

/** `PLUGIN_MISBEHAVED`: `what` the plugin answered is not as the contract has it, and why, one sentence each. */
export function createMisbehaved(
  what: string,
  issues: readonly string[],
  cause?: unknown,
): OperatorError {
  return new OperatorError({
    code: 'PLUGIN_MISBEHAVED',
    kind: 'plugin',
    message: `The plugin broke its contract in ${what}: ${issues.join('; ')}.`,
    remedy: 'Tell the author of the plugin.',
    facts: { in: what, issues: [...issues] },
    cause,
  });
}
