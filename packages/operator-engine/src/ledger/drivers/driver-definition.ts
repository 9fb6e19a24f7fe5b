import type { ParametersSchema } from 'operator-core';
import type { LedgerDriver } from '../rules/store/driver.ts';

/** Version of the contract of ledger drivers: the export of their packages, and the duties of their stores. */
export const LEDGER_DRIVER_CONTRACT = '1.0';

/** Facts about the configuration that names a driver. */
export interface DriverPlace {
  /** Folder of the configuration: paths in the settings are relative to it. */
  readonly directory: string;
}

/** Default export of a package that is a ledger driver: `ledger: { KEY: settings }` in the configuration leads to it. */
export interface LedgerDriverDefinition<Settings = unknown> {
  /** Contract for which the driver is written, as text: `'1.0'`. It says nothing about the installed engine. */
  readonly contract: string;
  /** Kind of the store, for people: `PostgreSQL`. */
  readonly kind: string;
  /** Schema of the settings. Every mistake is reported with its place in the configuration, before anything is opened. */
  readonly settings: ParametersSchema<unknown, Settings>;
  /** Makes the driver and opens nothing. */
  create(settings: Settings, place: DriverPlace): LedgerDriver;
}

/** Types the default export of a package that is a ledger driver. */
export function defineLedgerDriver<Input, Settings>(
  definition: Omit<LedgerDriverDefinition<Settings>, 'settings'> & {
    readonly settings: ParametersSchema<Input, Settings>;
  },
): LedgerDriverDefinition<Settings> {
  return definition;
}
