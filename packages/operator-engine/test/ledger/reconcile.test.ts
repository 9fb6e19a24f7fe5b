import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import { ben, needs } from '../../src/ledger-suite/plans.ts';
import { temporaryLedger } from './temporary.ts';
import { HOUR } from '../../src/ledger-suite/test-clock.ts';

/** A ledger in which everything has happened once. */
async function fill(file: string): Promise<void> {
  const desk = await Desk.open((options) => openLedger({ path: file, ...options }));
  await desk.ended('succeeded', { lock: ['lamp:1'], lease: 'lamp:1' });
  await desk.ended('failed');
  const waiting = await desk.planned();
  await desk.ledger.runs.decide(waiting.id, needs(1), ben);
  await desk.ledger.mode.set('guarded', { by: ben, reason: 'slowly' });
  await desk.ledger.mode.stop({ by: ben, reason: 'stop' });
  await desk.ledger.mode.resume({ by: ben, reason: 'go on' });
  desk.clock.pass(HOUR);
  await desk.close();
}

describe('edits that the audit does not know', () => {
  it('finds nothing in a ledger that was not edited', async () => {
    const file = temporaryLedger();
    await fill(file);
    const ledger = await openLedger({ path: file });
    expect(await ledger.maintenance.check()).toMatchObject({ isSound: true, problems: [] });
    await ledger.close();
  });

  it.each([
    ["UPDATE run SET state = 'approved' WHERE sequence = 3", 'another state'],
    ["UPDATE run SET requester_name = 'eve' WHERE sequence = 1", 'another requester'],
    ["UPDATE run SET digest = 'sha256:0' WHERE sequence = 1", 'another plan'],
    [
      "INSERT INTO approval (run_id, approver_kind, approver_name, policy_version, given_at, expires_at) SELECT id, 'person', 'ben', 'policy-1', created_at, expires_at FROM run WHERE sequence = 3",
      'a consent that the audit knows nothing of',
    ],
    ["UPDATE lease SET state = 'ended'", 'the lease of run'],
    ['DELETE FROM lease', 'its row is missing'],
    ["UPDATE mode SET mode = 'autonomous'", 'the mode is autonomous'],
    ['UPDATE mode SET stop_since = 1', 'everything was resumed'],
  ])('is found: %s', async (sql, words) => {
    const file = temporaryLedger();
    await fill(file);
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    const ledger = await openLedger({ path: file });
    const { isSound, problems, audit } = await ledger.maintenance.check();
    expect([isSound, audit.isIntact]).toEqual([false, true]);
    expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(words)]));
    await ledger.close();
  });
});
