import {
  checkPlugin,
  CONTRACT_VERSION,
  isContractCompatible,
  readContractVersion,
} from 'operator-core';
import type { SubjectPlugin } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { importDefault } from './import-plugin.ts';
import type { PluginLocation } from './import-plugin.ts';
import { resolvePlugin } from './resolve-plugin.ts';
import type { PluginPlaces } from './resolve-plugin.ts';

/** A plugin whose shape is right, and where it came from. */
export interface LoadedPlugin extends PluginLocation {
  readonly plugin: SubjectPlugin;
}

/** Resolves, imports and checks a plugin; nothing of it is called. Each way to fail has its own code. */
export async function loadPlugin(
  specifier: string,
  options: PluginPlaces & { limitMs: number; signal?: AbortSignal | undefined },
): Promise<LoadedPlugin> {
  const found = { specifier, location: resolvePlugin(specifier, options) };
  const { exported: candidate } = await importDefault(found, options);
  // The contract first: a plugin for another one may rightly look different.
  checkContract(found, candidate);
  checkShape(found, candidate);
  return { ...found, plugin: candidate as SubjectPlugin };
}

function checkContract({ specifier, location }: PluginLocation, candidate: unknown): void {
  const contract = readContractVersion(candidate);
  if (contract === null || isContractCompatible(CONTRACT_VERSION, contract)) return;
  throw createEngineError('PLUGIN_CONTRACT_MISMATCH', {
    message: `The plugin ${specifier} implements contract ${contract}; this host implements ${CONTRACT_VERSION}.`,
    remedy: isNewer(contract)
      ? 'Update Operator (operator-cli or operator-engine) to a version that implements it.'
      : 'Update the plugin to a version that was built for this contract.',
    facts: {
      plugin: specifier,
      location,
      pluginContract: contract,
      hostContract: CONTRACT_VERSION,
    },
  });
}

function checkShape({ specifier, location }: PluginLocation, candidate: unknown): void {
  const issues = checkPlugin(candidate);
  if (issues.length === 0) return;
  throw createEngineError('PLUGIN_INVALID', {
    message: `The plugin ${specifier} is not valid: ${issues.join('; ')}.`,
    remedy: 'Tell the author of the plugin, or use another version of it.',
    facts: { plugin: specifier, location, issues: [...issues] },
  });
}

function isNewer(contract: string): boolean {
  const [major = Number.NaN, minor = Number.NaN] = contract.split('.').map(Number);
  const [hostMajor = 0, hostMinor = 0] = CONTRACT_VERSION.split('.').map(Number);
  return major > hostMajor || (major === hostMajor && minor > hostMinor);
}
