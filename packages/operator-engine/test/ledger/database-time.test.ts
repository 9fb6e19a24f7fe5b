import { expect, it } from 'vitest';
import type { KeptTime, TimeReading } from '../../src/clock/advance-time.ts';
import { openLedgerOn } from '../../src/ledger/rules/open-ledger.ts';
import type { LedgerDriver, LedgerStore, StoreTime } from '../../src/ledger/rules/store/driver.ts';
import { createSqliteDriver } from '../../src/ledger/sqlite/sqlite-driver.ts';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import { HOUR } from '../../src/ledger-suite/test-clock.ts';
import type { TestClock } from '../../src/ledger-suite/test-clock.ts';
import { temporaryLedger } from './temporary.ts';

/** A store as a database server is: its clock is the time, nothing is written down, and systems wait for nothing. */
function createServerDriver(file: string, clock: TestClock): LedgerDriver {
  const driver = createSqliteDriver(file);
  const read = (): TimeReading => {
    const [at, monotonic] = [clock.now() - waitedMs(), clock.monotonicMs()];
    const known = { epoch: 0, jumpedMs: 0, acceptedMs: 0, jumpMs: 0, kept: null };
    return { at, wall: at, monotonic, boot: null, anchor: null, ...known };
  };
  // Every second transaction has waited for a lock after it had read its time.
  let transactions = 0;
  const waitedMs = (): number => ((transactions += 1) % 2 === 0 ? 200 : 0);
  const time: StoreTime = {
    isKept: false,
    begin: async () => read(),
    follow: async (_queries: unknown, _kept: KeptTime) => read(),
    keep: async () => {},
  };
  return {
    ...driver,
    open: async (options) => {
      const store = await driver.open(options);
      const own: Partial<LedgerStore> = { time, order: { ...store.order, isSerial: false } };
      return new Proxy(store, {
        get: (target, name) => {
          const value: unknown = Reflect.get(name in own ? own : target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}

it('a ledger on a database with its own clock stays sound for hours, even when transactions wait', async () => {
  const file = temporaryLedger();
  const desk = await Desk.open(async ({ clock, ...options }) =>
    openLedgerOn(createServerDriver(file, clock), { clock, ...options }),
  );
  for (let round = 0; round < 3; round += 1) {
    await desk.ended('succeeded');
    desk.clock.pass(HOUR);
  }
  await desk.ended('succeeded', { system: 'two' });
  expect((await desk.ledger.maintenance.check()).problems).toEqual([]);
  await desk.close();
});
