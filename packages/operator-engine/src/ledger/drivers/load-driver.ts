import { isContractCompatible, isJsonObject, OperatorError } from 'operator-core';
import type { PackageLedger } from '../../config/ledger-config.ts';
import type { Config } from '../../config/load-config.ts';
import { createEngineError } from '../../errors/engine-error.ts';
import { describeCause } from '../../errors/describe-cause.ts';
import { importDefault } from '../../plugin/import-plugin.ts';
import type { PluginLocation } from '../../plugin/import-plugin.ts';
import { resolvePlugin } from '../../plugin/resolve-plugin.ts';
import type { PluginPlaces } from '../../plugin/resolve-plugin.ts';
import { validateSettings } from '../../plugin/validate-config.ts';
import type { LedgerDriver } from '../rules/store/driver.ts';
import { LEDGER_DRIVER_CONTRACT } from './driver-definition.ts';
import type { LedgerDriverDefinition } from './driver-definition.ts';
import { guardDriver } from './guard-driver.ts';

const ROLE = 'ledger driver';

/** Loads the driver that the configuration names, checks it and its settings, and opens nothing. */
export async function loadDriver(
  { key, specifier, settings }: PackageLedger,
  options: { config: Config; places: Omit<PluginPlaces, 'role'>; limitMs: number },
): Promise<LedgerDriver> {
  const { config, limitMs } = options;
  const location = resolvePlugin(specifier, { ...options.places, role: ROLE });
  const found = { specifier, location, role: ROLE } as const;
  const { exported } = await importDefault(found, { limitMs });
  const definition = checkDefinition(found, exported);
  const about = { above: ['ledger', key], schema: definition.settings, loaded: found, limitMs };
  const checked = await validateSettings(config, settings, about);
  return guardDriver(create(definition, checked, { found, directory: config.directory }));
}

function create(
  definition: LedgerDriverDefinition,
  settings: unknown,
  { found, directory }: { found: PluginLocation; directory: string },
): LedgerDriver {
  try {
    return definition.create(settings, { directory });
  } catch (error) {
    if (OperatorError.isInstance(error)) throw error;
    throw createEngineError('PLUGIN_MISBEHAVED', {
      message: `The ledger driver ${found.specifier} failed in create(): ${describeCause(error)}.`,
      remedy: 'Tell the author of the driver.',
      facts: { plugin: found.specifier, location: found.location },
      cause: error,
    });
  }
}

function checkDefinition(found: PluginLocation, exported: unknown): LedgerDriverDefinition {
  const { specifier, location } = found;
  const facts = { plugin: specifier, location };
  const contract = isJsonObject(exported) ? exported['contract'] : undefined;
  if (typeof contract === 'string' && !isContractCompatible(LEDGER_DRIVER_CONTRACT, contract)) {
    throw createEngineError('PLUGIN_CONTRACT_MISMATCH', {
      message: `The ledger driver ${specifier} implements contract ${contract} of drivers; this host implements ${LEDGER_DRIVER_CONTRACT}.`,
      remedy: 'Update the older of the driver and Operator.',
      facts: { ...facts, pluginContract: contract, hostContract: LEDGER_DRIVER_CONTRACT },
    });
  }
  const issues = findIssues(exported);
  if (issues.length === 0) return exported as LedgerDriverDefinition;
  throw createEngineError('PLUGIN_INVALID', {
    message: `The ledger driver ${specifier} is not valid: ${issues.join('; ')}.`,
    remedy:
      'Tell the author of the driver: its entry must end with `export default defineLedgerDriver({ … })`.',
    facts: { ...facts, issues: [...issues] },
  });
}

function findIssues(exported: unknown): readonly string[] {
  if (!isJsonObject(exported)) return ['its default export is not an object'];
  const { contract, kind, settings, create: make } = exported as Record<string, unknown>;
  const standard = isJsonObject(settings) ? settings['~standard'] : undefined;
  const isSchema = isJsonObject(standard) && typeof standard['validate'] === 'function';
  return [
    ...(typeof contract === 'string' ? [] : ['contract must be a text such as 1.0']),
    ...(typeof kind === 'string' ? [] : ['kind must be a text']),
    ...(isSchema ? [] : ['settings must be a schema']),
    ...(typeof make === 'function' ? [] : ['create must be a function']),
  ];
}
