import { createEngineError } from '../errors/engine-error.ts';
import type { LoadedPlugin } from '../plugin/load-plugin.ts';

/** Throws `PLUGIN_INVALID` when a policy that the plugin suggests could not be used as it is. */
export async function checkSuggestions(loaded: LoadedPlugin): Promise<void> {
  const { plugin, specifier, location } = loaded;
  const { policies = [] } = plugin;
  if (policies.length === 0) return;
  const { findSuggestionIssues } = await import('../policy/suggestion-issues.ts');
  const issues = findSuggestionIssues(policies, plugin);
  if (issues.length === 0) return;
  throw createEngineError('PLUGIN_INVALID', {
    message: `The plugin ${specifier} is not valid: ${issues.join('; ')}.`,
    remedy: 'Tell the author of the plugin, or use another version of it.',
    facts: { plugin: specifier, location, issues: [...issues] },
  });
}
