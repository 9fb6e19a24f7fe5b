import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** Keeps everybody else from writing into the ledger until it is disposed of. */
function occupy(path: string): Disposable {
  const database = new DatabaseSync(path);
  database.exec('BEGIN IMMEDIATE');
  return {
    [Symbol.dispose]: () => {
      database.close();
    },
  };
}

describe('a ledger that cannot be written', () => {
  it('before anything was sent: nothing is', async () => {
    await using lamps = await openLamps({ ledgerLimits: { busyMs: 20 } });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    await lamps.engine.openLedger();
    const busy = occupy(await lamps.engine.ledgerLocation());
    const error = await failureOf(drain(lamps.subject.apply(plan)));
    busy[Symbol.dispose]();
    expect(error).toMatchObject({ code: 'LEDGER_BUSY', retryable: true });
    expect(lamps.house.changes).toEqual([]);
  });

  it('after something was sent: it is reported, and the run is reconciled later by reading', async () => {
    const ledgerLimits = { busyMs: 20, ownerTtlMs: 500, permitMarginMs: 100 };
    await using lamps = await openLamps({ ledgerLimits });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    let busy: Disposable | null = null;
    const location = await lamps.engine.ledgerLocation();
    const { result } = await drain(lamps.subject.apply(plan), ({ kind }) => {
      if (kind === 'intended') busy = occupy(location);
    });
    expect(result).toMatchObject({
      state: 'executing',
      requests: [{ result: { outcome: 'accepted' } }],
      error: { code: 'OUTCOME_NOT_RECORDED', kind: 'unverified', facts: { ledger: 'LEDGER_BUSY' } },
    });
    (busy as Disposable | null)?.[Symbol.dispose]();
    let recovered = await lamps.engine.runs.recover();
    while (recovered.length === 0) recovered = await lamps.engine.runs.recover();
    expect(recovered).toMatchObject([{ runId: result.runId, state: 'succeeded' }]);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('of another format is refused, and left unchanged', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    mkdirSync(join(lamps.directory, '.operator'));
    writeFileSync(await lamps.engine.ledgerLocation(), 'this is a letter'.repeat(1000));
    const error = await failureOf(drain(lamps.subject.apply(plan)));
    expect(error).toMatchObject({ code: 'LEDGER_CORRUPT' });
    expect(lamps.house.changes).toEqual([]);
  });
});

describe('reading', () => {
  it('needs no ledger, and makes none', async () => {
    await using lamps = await openLamps({ actor: undefined });
    await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    await lamps.subject.observe('lamp', { lamp_id: 1 });
    await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    await lamps.subject.diagnose();
    expect(existsSync(join(lamps.directory, '.operator'))).toBe(false);
  });
});
