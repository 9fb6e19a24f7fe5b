import { describe, expect, it } from 'vitest';
import { createSqliteDriver, openLedgerOn } from '../../src/ledger-driver.ts';
import { Desk, testLedger } from '../../src/ledger-suite.ts';
import { planOf, allow, ann, runner } from '../../src/ledger-suite/plans.ts';
import { createSlowDriver } from './slow-driver.ts';
import { temporaryDirectory, temporaryLedger } from './temporary.ts';

const createStore = () => {
  const driver = createSlowDriver(createSqliteDriver(temporaryLedger()));
  return async (options: object) => openLedgerOn(driver, options);
};

describe('a ledger whose statements answer later', () => {
  testLedger({ test: it, expect, createStore });

  it('mixes no two of many transactions that one process begins at once', async () => {
    const desk = await Desk.open(createStore());
    const { runs, audit } = desk.ledger;
    const play = async (lamp: number): Promise<string> => {
      const plan = planOf({ lock: [`lamp:${lamp}`] });
      const { run } = await runs.create({ plan, requester: ann, expiresInMs: 60_000 });
      await runs.decide(run.id, allow, ann);
      const claimed = await runs.claim(run.id, { runner: runner(`r${lamp}`), decision: allow });
      const fence = 'fence' in claimed ? claimed.fence : 0;
      await expect(runs.move(run.id, { fence, to: 'undone' })).rejects.toThrow(
        'it cannot become undone',
      );
      await runs.move(run.id, { fence, to: 'failed', reason: `lamp ${lamp}` });
      return run.id;
    };
    const lamps = Array.from({ length: 12 }, (_, lamp) => lamp);
    const ids = await Promise.all(lamps.map(play));
    for (const [lamp, id] of ids.entries()) {
      expect(await runs.get(id)).toMatchObject({ state: 'failed', reason: `lamp ${lamp}` });
    }
    const { isIntact, entries } = await audit.verify();
    expect({ isIntact, entries }).toEqual({ isIntact: true, entries: 2 + 12 * 4 });
    expect(await desk.ledger.maintenance.check()).toMatchObject({ isSound: true, problems: [] });
    await desk.close();
  });

  it('takes nothing for lost in a transaction that began before later ones ended', async () => {
    const driver = createSlowDriver(createSqliteDriver(temporaryLedger()), { connections: 2 });
    const ledger = await openLedgerOn(driver, { witness: temporaryDirectory() });
    await ledger.runs.create({ plan: planOf(), requester: ann, expiresInMs: 60_000 });
    const reading = Array.from({ length: 5 }, async () => ledger.audit.verify());
    const change = async () => ledger.mode.set('guarded', { by: ann, reason: 'a test' });
    for (let round = 0; round < 50; round += 1) await change();
    const found = await Promise.all(reading);
    expect(found.map(({ isIntact }) => isIntact)).toEqual(reading.map(() => true));
    await ledger.close();
  });
});
