import { OperatorError } from 'operator-core';
import type { LedgerDriver } from '../rules/store/driver.ts';
import { createUnreachable } from './driver-errors.ts';

/** Wraps a driver: unknown errors from finding or opening a ledger become `LEDGER_UNREACHABLE`. */
export function guardDriver(driver: LedgerDriver): LedgerDriver {
  const { location } = driver;
  const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw OperatorError.isInstance(error) ? error : createUnreachable(location, error);
    }
  };
  return {
    location,
    exists: async () => guard(async () => driver.exists()),
    findLost: async (witness) => guard(async () => driver.findLost(witness)),
    requireOwnerOfLost: (lost) => driver.requireOwnerOfLost(lost),
    proveByFiles: (limits) => driver.proveByFiles(limits),
    open: async (options) => guard(async () => driver.open(options)),
  };
}
