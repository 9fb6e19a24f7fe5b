import { createEngineError } from '../errors/engine-error.ts';
import { describeCause } from '../errors/describe-cause.ts';
import type { PackageRole } from './resolve-plugin.ts';
import { TIMED_OUT, createInterrupted, isAborted, withinTime } from '../base/signals.ts';

const DEFINERS: Readonly<Record<PackageRole, string>> = {
  plugin: 'definePlugin',
  'ledger driver': 'defineLedgerDriver',
};

/** A plugin that has been found, as errors name it. */
export interface PluginLocation {
  /** Name of the plugin, as in the configuration. */
  readonly specifier: string;
  /** File URL of the entry. */
  readonly location: string;
  /** Kind of the package, for errors. Default: `plugin`. */
  readonly role?: PackageRole;
}

/**
 * Loads the code and gives its default export. What runs is the plugin's: it may throw or hang. The
 * export is wrapped, because what a promise gives is looked at for `then`.
 */
export async function importDefault(
  plugin: PluginLocation,
  options: { limitMs: number; signal?: AbortSignal | undefined },
): Promise<{ readonly exported: unknown }> {
  const { specifier, location, role = 'plugin' } = plugin;
  const module = await importModule(plugin, options);
  if (module === TIMED_OUT) {
    throw createEngineError('PLUGIN_IMPORT_TIMEOUT', {
      message: `The ${role} ${specifier} did not finish loading in ${options.limitMs / 1000} s.`,
      remedy: 'Tell the author of the package: its module must load without waiting.',
      facts: { plugin: specifier, location, limitMs: options.limitMs },
    });
  }
  if (!('default' in module)) throw missingDefault(plugin, Object.keys(module));
  return { exported: unwrap(module['default']) };
}

async function importModule(
  { specifier, location, role = 'plugin' }: PluginLocation,
  options: { limitMs: number; signal?: AbortSignal | undefined },
): Promise<Record<string, unknown> | typeof TIMED_OUT> {
  try {
    const work: Promise<Record<string, unknown>> = import(location);
    return await withinTime(work, options);
  } catch (error) {
    if (isAborted(options.signal)) throw createInterrupted(`loading the ${role} ${specifier}`);
    throw createEngineError('PLUGIN_IMPORT_FAILED', {
      message: `The ${role} ${specifier} could not be loaded: ${describeCause(error)}.`,
      remedy: 'Reinstall it with its dependencies; if that does not help, tell its author.',
      facts: { plugin: specifier, location },
      cause: error,
    });
  }
}

function missingDefault(
  { specifier, location, role = 'plugin' }: PluginLocation,
  names: string[],
): Error {
  const exported = names.length === 0 ? 'nothing' : `only ${names.join(', ')}`;
  return createEngineError('PLUGIN_INVALID', {
    message: `The ${role} ${specifier} has no default export; it exports ${exported}.`,
    remedy: `Tell the author of the ${role}: its entry must end with \`export default ${DEFINERS[role]}(…)\`.`,
    facts: { plugin: specifier, location, exports: names },
  });
}

/** A CommonJS build of an ES module has its default export one level deeper. */
function unwrap(exported: unknown): unknown {
  try {
    if (typeof exported !== 'object' || exported === null) return exported;
    return '__esModule' in exported && 'default' in exported ? exported.default : exported;
  } catch {
    // Reading it throws; the check of the plugin reports that.
    return exported;
  }
}
