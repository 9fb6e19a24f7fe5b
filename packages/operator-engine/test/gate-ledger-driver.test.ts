import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSqliteDriver, createUnsupported, openLedgerOn } from '../src/ledger-driver.ts';
import type { LedgerDriver } from '../src/ledger-driver.ts';
import { guardDriver } from '../src/ledger/drivers/guard-driver.ts';
import { createSlowDriver } from './ledger/slow-driver.ts';
import { temporaryDirectory } from './ledger/temporary.ts';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

describe('an engine whose host gives it a driver for the ledger', () => {
  it('records its runs there, and makes no ledger where the configuration says', async () => {
    const file = join(temporaryDirectory(), 'elsewhere.db');
    const ledgerDriver = createSlowDriver(createSqliteDriver(file));
    await using lamps = await openLamps({ ledgerDriver });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result.state).toBe('succeeded');
    expect(lamps.house.changes).toHaveLength(1);
    expect(await lamps.engine.runs.get(result.runId)).toMatchObject({ state: 'succeeded' });
    expect((await lamps.engine.openLedger()).location).toBe(file);
    expect(existsSync(join(lamps.directory, '.operator'))).toBe(false);
  });

  it('takes no user of this machine as its actor where the ledger has no files', async () => {
    const file = join(temporaryDirectory(), 'elsewhere.db');
    const ledgerDriver = createSlowDriver(createSqliteDriver(file));
    await using lamps = await openLamps({ ledgerDriver });
    const { engine } = await lamps.open({ kind: 'person' });
    const error = await failureOf(engine.openLedger());
    expect(error).toMatchObject({ code: 'ACTOR_MISSING', facts: { location: file } });
    expect(existsSync(file)).toBe(false);
  });
});

describe('errors of a driver from a package', () => {
  const driverThat = (work: () => Promise<never>): LedgerDriver => {
    const driver = createSqliteDriver(join(temporaryDirectory(), 'rows.db'));
    return guardDriver({ ...driver, open: work });
  };

  it('are LEDGER_UNREACHABLE when the driver throws an unknown error', async () => {
    const driver = driverThat(async () => {
      throw new Error('connect ECONNREFUSED');
    });
    const error = await failureOf(openLedgerOn(driver));
    expect(error).toMatchObject({ code: 'LEDGER_UNREACHABLE', kind: 'unreachable' });
    expect(error.message).toContain('connect ECONNREFUSED');
  });

  it('stay those of the driver when it does not support an operation', async () => {
    const what = 'cannot be opened twice';
    const driver = driverThat(async () => {
      throw createUnsupported('rows', { what, remedy: 'Close the other one.' });
    });
    const error = await failureOf(openLedgerOn(driver));
    expect(error).toMatchObject({ code: 'LEDGER_UNSUPPORTED', kind: 'usage' });
    expect(error.message).toContain('The ledger rows cannot be opened twice');
  });
});
