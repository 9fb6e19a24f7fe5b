import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import { allow, ann, planOf, runner } from '../../src/ledger-suite/plans.ts';
import { ForeignWrites } from '../../src/ledger/sqlite/foreign-writes.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { temporaryDirectory } from './temporary.ts';

/** The clock of a file system counts in steps of some milliseconds. */
const STEP_MS = 20;

describe('writes of others between two transactions of one connection', () => {
  it('are none when only this connection has written and others have read', () => {
    const { own, other, write } = open(join(temporaryDirectory(), 'own.db'));
    // Root gives the files to their owner when it opens them, which is a change of them.
    other.prepare('SELECT * FROM lamp').all();
    expect(write()).toBe(false);
    own.exec('SELECT * FROM lamp');
    other.prepare('SELECT * FROM lamp').all();
    expect(write()).toBe(true);
    expect(write()).toBe(true);
  });

  it('are seen when they come through another connection', () => {
    const { other, write } = open(join(temporaryDirectory(), 'other.db'));
    write();
    other.exec('INSERT INTO lamp VALUES (7)');
    expect(write()).toBe(false);
    expect(write()).toBe(true);
    other.exec('CREATE TABLE bulb (id INTEGER)');
    expect(write()).toBe(false);
  });

  it.each(['', '-wal'])('are seen when they go past SQLite into the file%s', async (suffix) => {
    const path = join(temporaryDirectory(), `past${suffix}.db`);
    const { write } = open(path);
    write();
    await sleep(STEP_MS);
    chmodSync(`${path}${suffix}`, 0o600);
    expect(write()).toBe(false);
  });

  it('cannot be excluded after a transaction that was not kept', () => {
    const { write } = open(join(temporaryDirectory(), 'failed.db'));
    write();
    expect(write('ROLLBACK')).toBe(true);
    expect(write()).toBe(false);
  });
});

describe('rows that another program edits while a process has the ledger open', () => {
  it('are no longer those of the run that the process decided, claimed and sent', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const { ledger } = await Desk.open((options) => openLedger({ path, ...options }));
    const { runs } = ledger;
    const asked = { plan: planOf({ lock: ['lamp:1'] }), requester: ann, expiresInMs: 60_000 };
    const { run } = await runs.create(asked);
    await runs.decide(run.id, allow, ann);
    const claim = await runs.claim(run.id, { runner: runner('r1'), decision: allow });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    const { fence } = claim;
    await runs.intend(run.id, { fence, index: 0 });
    const other = new DatabaseSync(path);
    other.prepare('UPDATE run SET requester_name = ? WHERE id = ?').run('cleo', run.id);
    other.close();
    await runs.recordResult(
      run.id,
      { fence, index: 0 },
      { outcome: 'accepted', status: 200, answer: '' },
    );
    const kinds = (await runs.events(run.id)).map(({ kind }) => kind);
    expect(kinds.slice(-2)).toStrictEqual(['rows_edited', 'request_settled']);
    await ledger.close();
  });
});

/** Two connections to a new file; `write` makes a change through the first, and says whether it was untouched before. */
function open(path: string): {
  own: DatabaseSync;
  other: DatabaseSync;
  write: (end?: 'COMMIT' | 'ROLLBACK') => boolean;
} {
  const own = new DatabaseSync(path);
  own.exec('PRAGMA journal_mode = WAL; CREATE TABLE lamp (id INTEGER)');
  const foreign = new ForeignWrites(own, path);
  const write = (end: 'COMMIT' | 'ROLLBACK' = 'COMMIT'): boolean => {
    own.exec('BEGIN IMMEDIATE');
    const { isUntouched } = foreign.begin();
    own.exec('INSERT INTO lamp VALUES (1)');
    own.exec(end);
    if (end === 'COMMIT') foreign.end();
    return isUntouched;
  };
  return { own, other: new DatabaseSync(path), write };
}
