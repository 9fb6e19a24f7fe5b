import { OperatorError } from 'operator-core';
import type { LedgerDriver } from '../rules/store/driver.ts';
import { createUnreachable } from './driver-errors.ts';

/** The same driver, whose errors in finding and opening a ledger are errors of Operator: an unknown one is `LEDGER_UNREACHABLE`. */
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
