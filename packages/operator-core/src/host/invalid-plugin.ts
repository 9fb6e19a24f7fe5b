import { OperatorError } from '../contract/operator-error.ts';

/** `PLUGIN_INVALID` with every issue in message and facts. */
export function invalidPlugin(issues: readonly string[]): OperatorError {
  const [first = 'it is not a plugin', ...others] = issues;
  return new OperatorError({
    code: 'PLUGIN_INVALID',
    kind: 'plugin',
    message: `The plugin is not valid: ${[first, ...others].join('; ')}.`,
    remedy: 'Tell the author of the plugin, or use another version of it.',
    facts: { issues: [...issues] },
  });
}
