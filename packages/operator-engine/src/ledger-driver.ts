// Every line here is public API, for authors of ledger drivers.
export type { KeptTime, TimeReading } from './clock/advance-time.ts';
export { Clock } from './clock/clock.ts';
export { translate } from './ledger/rules/store/dialect.ts';
export type { Dialect } from './ledger/rules/store/dialect.ts';
export type {
  ChangingQueries,
  Durability,
  LedgerDriver,
  LedgerStore,
  Migrated,
  OnMigrated,
  StoreOptions,
  StoreOwner,
  StoreProofs,
  StoreTime,
} from './ledger/rules/store/driver.ts';
export { defineLedgerDriver } from './ledger/drivers/driver-definition.ts';
export type { DriverPlace, LedgerDriverDefinition } from './ledger/drivers/driver-definition.ts';
export { createUnreachable, createUnsupported } from './ledger/drivers/driver-errors.ts';
export type { LostLedger } from './ledger/lost-ledger.ts';
export type { Witness } from './ledger/witness.ts';
export { openLedgerOn } from './ledger/rules/open-ledger.ts';
export type { LedgerOptions } from './ledger/rules/open-ledger.ts';
export type { Input, Queries } from './ledger/rules/store/statement.ts';
export { createCorrupt, createTooNew } from './ledger/rules/store/store-errors.ts';
export { createSqliteDriver } from './ledger/sqlite/sqlite-driver.ts';
