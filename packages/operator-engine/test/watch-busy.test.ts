import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openLamps, QUICK_LEDGER } from './support/open-lamps.ts';

it('a watch outlives a ledger that is busy when it starts, while it watches, and when it ends', async () => {
  await using lamps = await openLamps({ ledgerLimits: { ...QUICK_LEDGER, busyMs: 30 } });
  const { location } = await lamps.engine.openLedger();
  const holder = new DatabaseSync(location);
  holder.exec('BEGIN IMMEDIATE');
  const { engine } = await lamps.open();
  const controller = new AbortController();
  const kinds: string[] = [];
  for await (const { kind, details } of engine.watch({ signal: controller.signal })) {
    kinds.push(kind);
    if (kind === 'problem') {
      expect(details).toMatchObject({ error: { code: 'LEDGER_BUSY' } });
      if (kinds.includes('started')) controller.abort();
      else holder.exec('ROLLBACK');
    }
    if (kind === 'started') holder.exec('BEGIN IMMEDIATE');
  }
  holder.close();
  expect(kinds).toEqual(['problem', 'started', 'problem', 'ended']);
});
