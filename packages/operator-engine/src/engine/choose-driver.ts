import type { Config } from '../config/load-config.ts';
import { DEFAULT_LIMITS } from '../config/limits.ts';
import type { LedgerDriver } from '../ledger/rules/store/driver.ts';
import { createSqliteDriver } from '../ledger/sqlite/sqlite-driver.ts';
import type { EngineOptions } from './engine-options.ts';

/** The driver that the host gives, else that of the configuration: SQLite is built in, any other comes from a package. */
export async function chooseDriver(config: Config, options: EngineOptions): Promise<LedgerDriver> {
  if (options.ledgerDriver !== undefined) return options.ledgerDriver;
  const { place } = config.ledger;
  if (place.kind === 'file') return createSqliteDriver(place.file);
  // Only a configuration that names a package pays for the search.
  const { loadDriver } = await import('../ledger/drivers/load-driver.ts');
  const { env, hostUrl, limits } = options;
  const { importMs: limitMs } = { ...DEFAULT_LIMITS, ...limits };
  const places = { configDirectory: config.directory, hostUrl, env };
  return loadDriver(place, { config, places, limitMs });
}
