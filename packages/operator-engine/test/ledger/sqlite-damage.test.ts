import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { Database } from '../../src/ledger/sqlite/database.ts';
import { openDatabase } from '../../src/ledger/sqlite/open-database.ts';
import { failureOf } from '../support/errors.ts';
import { withConnections } from './connections.ts';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import { ann, planOf, runner } from '../../src/ledger-suite/plans.ts';
import { temporaryDirectory, temporaryLedger } from './temporary.ts';
import { TestClock } from '../../src/ledger-suite/test-clock.ts';

/** A ledger with some runs in it, closed. */
async function filled(file: string, runs = 30): Promise<void> {
  const desk = await Desk.open((options) => openLedger({ path: file, ...options }));
  for (let run = 0; run < runs; run += 1) await desk.ended('succeeded');
  await desk.close();
}

describe('a file that is not a ledger', () => {
  it('is refused and left unchanged when it is not a database', async () => {
    const file = temporaryLedger();
    writeFileSync(file, 'Dear diary, '.repeat(1_000));
    const before = readFileSync(file);
    const error = await failureOf(openLedger({ path: file }));
    expect(error).toMatchObject({
      code: 'LEDGER_CORRUPT',
      kind: 'config',
      facts: { location: file },
    });
    expect(readFileSync(file)).toEqual(before);
  });

  it('is refused and left as it is when it is another program’s database', async () => {
    const file = temporaryLedger();
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('soup')");
    other.close();
    const before = readFileSync(file);
    const error = await failureOf(openLedger({ path: file }));
    expect(error.code).toBe('LEDGER_CORRUPT');
    expect(error.message).toContain('another program');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(path.dirname(file))).toEqual(['ledger.db']);
  });
});

describe('a ledger that is gone', () => {
  it('is not taken for a new one when its file is empty', async () => {
    const file = temporaryLedger();
    await filled(file, 1);
    truncateSync(file);
    const error = await failureOf(openLedger({ path: file }));
    expect(error).toMatchObject({ code: 'LEDGER_CORRUPT', kind: 'config' });
    expect(error.message).toContain('it is empty');
  });

  it.each([
    ['removed', (file: string) => rmSync(file)],
    [
      'replaced',
      (file: string) => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
  ])('does nothing more for who still has it open: %s', async (_, lose) => {
    const file = temporaryLedger();
    const ledger = await openLedger({ path: file });
    await ledger.runs.list();
    lose(file);
    for (const attempt of [
      ledger.mode.get(),
      ledger.runs.create({ plan: planOf(), requester: ann, expiresInMs: 1_000 }),
    ]) {
      const error = await failureOf(attempt);
      expect(error.code).toBe('LEDGER_UNWRITABLE');
      expect(error.message).toContain('removed or replaced');
    }
    await ledger.close();
  });
});

describe('a damaged ledger', () => {
  it('is found by a check', async () => {
    const file = temporaryLedger();
    await filled(file);
    const bytes = readFileSync(file);
    // The second half of the pages: what is read first, to open it, is whole.
    bytes.fill(0xa5, Math.floor(bytes.length / 8_192) * 4_096);
    writeFileSync(file, bytes);
    const ledger = await openLedger({ path: file });
    try {
      const outcome = await ledger.maintenance.check().then(
        (report) => (report.isSound ? 'sound' : 'unsound'),
        (error: { code: string }) => error.code,
      );
      expect(['unsound', 'LEDGER_CORRUPT']).toContain(outcome);
    } finally {
      await ledger.close();
    }
  });

  it('is refused when its end was cut off', async () => {
    const file = temporaryLedger();
    await filled(file);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const error = await failureOf(async () => {
      const ledger = await openLedger({ path: file });
      try {
        await ledger.runs.list({ limit: 1_000 });
        await ledger.audit.list({}, { limit: 1_000 });
      } finally {
        await ledger.close();
      }
    });
    expect(error.code).toBe('LEDGER_CORRUPT');
    expect(error.remedy).toContain('backup');
  });

  it('is found by a check when rows belong to no run', async () => {
    const file = temporaryLedger();
    await filled(file, 2);
    const raw = new DatabaseSync(file);
    raw.exec('PRAGMA foreign_keys = OFF; DELETE FROM run WHERE sequence = 1');
    raw.close();
    const ledger = await openLedger({ path: file });
    const report = await ledger.maintenance.check();
    expect(report).toMatchObject({ isSound: false, audit: { isIntact: true } });
    expect(report.problems.join(' ')).toContain('belongs to no run');
    await ledger.close();
  });
});

describe('a ledger that another program has altered', () => {
  const TRIGGER = `CREATE TRIGGER longer AFTER INSERT ON lease
    BEGIN UPDATE lease SET ends_at = 9e15 WHERE run_id = new.run_id; END`;

  it('refuses changes, and accepts them again when the foreign object is gone', async () => {
    const file = temporaryLedger();
    const desk = await Desk.open((options) => openLedger({ path: file, ...options }));
    const { id } = await desk.approved({ lease: 'lamp:1' });
    const raw = new DatabaseSync(file);
    raw.exec(TRIGGER);
    const error = await failureOf(desk.claim(id));
    expect(error).toMatchObject({
      code: 'LEDGER_ALTERED',
      facts: { problems: ['the trigger longer of lease is not of this program'] },
    });
    expect(raw.prepare('SELECT state FROM run').get()).toEqual({ state: 'approved' });
    raw.exec('DROP TRIGGER longer');
    expect((await desk.claim(id)).outcome).toBe('claimed');
    raw.close();
    await desk.close();
  });

  it('is refused by a process that opens it afterwards, which can still say what is wrong', async () => {
    const file = temporaryLedger();
    await filled(file, 1);
    const raw = new DatabaseSync(file);
    raw.exec(TRIGGER);
    raw.close();
    const ledger = await openLedger({ path: file });
    const stopped = ledger.mode.stop({ by: ann, reason: 'wait' });
    expect((await failureOf(stopped)).code).toBe('LEDGER_ALTERED');
    const { isSound, problems } = await ledger.maintenance.check();
    expect(isSound).toBe(false);
    expect(problems.join()).toContain('trigger longer');
    await ledger.close();
  });

  it('may have statistics of its tables', async () => {
    const file = temporaryLedger();
    await filled(file, 1);
    const raw = new DatabaseSync(file);
    raw.exec('ANALYZE');
    raw.close();
    const ledger = await openLedger({ path: file });
    await ledger.mode.stop({ by: ann, reason: 'wait' });
    expect(await ledger.maintenance.check()).toMatchObject({ isSound: true });
    await ledger.close();
  });
});

describe('a ledger of a newer version', () => {
  it('is refused and left as it is', async () => {
    const file = temporaryLedger();
    await filled(file, 1);
    const raw = new DatabaseSync(file);
    raw.exec('PRAGMA user_version = 99');
    raw.close();
    const before = readFileSync(file);
    const error = await failureOf(openLedger({ path: file }));
    expect(error).toMatchObject({ code: 'LEDGER_TOO_NEW', facts: { schema: 99 } });
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(path.dirname(file))).toEqual(['ledger.db']);
  });

  it('is left alone by a program that had it open while it was migrated', async () => {
    const file = temporaryLedger();
    const desk = await Desk.open((options) => openLedger({ path: file, ...options }));
    const { id } = await desk.approved();
    const raw = new DatabaseSync(file);
    raw.exec('UPDATE control SET schema = 99');
    const error = await failureOf(desk.claim(id));
    expect(error.code).toBe('LEDGER_TOO_NEW');
    expect(raw.prepare('SELECT state FROM run').get()).toEqual({ state: 'approved' });
    raw.close();
    await desk.close();
  });
});

describe('a ledger of an older version', () => {
  const first = ["CREATE TABLE thing (name TEXT) STRICT; INSERT INTO thing VALUES ('old')"];
  const open = async (file: string, migrations: readonly string[], seen: unknown[]) =>
    openDatabase(file, {
      busyMs: 1_000,
      migrations,
      onMigrated: async (_database, { migrated }) => void seen.push(migrated),
    });
  const names = (database: Database | DatabaseSync) =>
    ('connection' in database ? database.connection : database)
      .prepare('SELECT name FROM thing')
      .all();

  it('is copied and then brought forward, once', async () => {
    const file = temporaryLedger();
    const seen: unknown[] = [];
    await (await open(file, first, seen)).close();
    const both = [...first, "UPDATE thing SET name = 'new'"];
    await (await open(file, both, seen)).close();
    const database = await open(file, both, seen);
    expect(names(database)).toEqual([{ name: 'new' }]);
    await database.close();
    const backup = `${file}.v1.backup`;
    expect(seen).toEqual([
      { from: 0, to: 1, backup: null },
      { from: 1, to: 2, backup },
    ]);
    const copy = new DatabaseSync(backup);
    expect(names(copy)).toEqual([{ name: 'old' }]);
    copy.close();
  });

  it('stays as it was when a step fails, and never writes over an earlier copy', async () => {
    const file = temporaryLedger();
    await (await open(file, first, [])).close();
    const bad = [...first, "UPDATE thing SET name = 'half'; INSERT INTO nothing VALUES (1)"];
    for (let round = 0; round < 2; round += 1) await failureOf(open(file, bad, []));
    const database = await open(file, first, []);
    expect(names(database)).toEqual([{ name: 'old' }]);
    await database.close();
    const files = readdirSync(path.dirname(file)).toSorted();
    expect(files).toEqual(['ledger.db', 'ledger.db.v1.backup', 'ledger.db.v1.backup.2']);
  });
});

describe('a ledger that cannot be used now', () => {
  it('is busy while another process writes for too long, and can be read all the while', async () => {
    const file = temporaryLedger();
    const clock = new TestClock();
    const open = async () => openLedger({ path: file, clock, limits: { busyMs: 150 } });
    const desk = new Desk(open, { clock, ledger: await open() });
    const { id } = await desk.approved();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 5);
    const error = await failureOf(desk.claim(id));
    clearInterval(counting);
    expect(error).toMatchObject({ code: 'LEDGER_BUSY', kind: 'refused', retryable: true });
    expect(turns, 'the process goes on while it waits').toBeGreaterThan(3);
    expect(await desk.stateOf(id)).toBe('approved');
    const waiting = desk.claim(id);
    other.exec('ROLLBACK');
    expect((await waiting).outcome).toBe('claimed');
    other.close();
    await desk.close();
  });

  it('is busy when another program has the file to itself', async () => {
    const file = temporaryLedger();
    await filled(file, 1);
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT');
    const error = await failureOf(openLedger({ path: file, limits: { busyMs: 50 } }));
    expect(error.code).toBe('LEDGER_BUSY');
    other.close();
    await (await openLedger({ path: file })).close();
  });

  it('cannot be made where no file can be', async () => {
    const directory = temporaryDirectory();
    writeFileSync(path.join(directory, 'file'), '');
    mkdirSync(path.join(directory, 'ledger.db'));
    for (const bad of ['ledger.db', path.join('file', 'ledger.db')]) {
      const error = await failureOf(openLedger({ path: path.join(directory, bad) }));
      expect(error).toMatchObject({ code: 'LEDGER_UNWRITABLE', kind: 'config' });
    }
  });

  it('makes the directory that it is to be in', async () => {
    const file = path.join(temporaryDirectory(), 'a', 'b', 'ledger.db');
    const ledger = await openLedger({ path: file });
    expect(ledger.location).toBe(file);
    await ledger.close();
  });
});

describe('a disk that is full', () => {
  it('fails clearly, does nothing by halves, and goes on when there is space again', async () => {
    const file = temporaryLedger();
    const { ledger, connections } = await withConnections(() => openLedger({ path: file }));
    const limit = (pages: number) => {
      for (const connection of [...connections].filter(({ isOpen }) => isOpen)) {
        connection.exec(`PRAGMA max_page_count = ${pages}`);
      }
    };
    const create = async () =>
      ledger.runs.create({ plan: planOf(), requester: ann, expiresInMs: 60_000 });
    await create();
    limit(1);
    const error = await failureOf(async () => {
      for (let round = 0; round < 1_000; round += 1) await create();
    });
    expect(error).toMatchObject({ code: 'LEDGER_FULL', kind: 'config' });
    // A request may have been sent before: only of the ledger is it known.
    expect(error.message).toContain('Nothing was written.');
    expect(error.message).not.toContain('Nothing was done');
    const before = await snapshot(ledger);
    expect((await failureOf(fill(ledger))).code).toBe('LEDGER_FULL');
    limit(1_000_000);
    const after = await snapshot(ledger);
    expect(after.runs).toBe(after.created);
    expect(before.runs).toBe(before.created);
    expect(await ledger.maintenance.check()).toMatchObject({ isSound: true });
    expect((await create()).created).toBe(true);
    await ledger.close();
  });

  async function snapshot(ledger: Ledger): Promise<{ runs: number; created: number }> {
    const { runs, audit } = await ledger.maintenance.check();
    expect(audit.isIntact).toBe(true);
    const created = await ledger.audit.list({ kinds: ['run_created'] }, { limit: 1_000 });
    return { runs, created: created.length };
  }

  async function fill(ledger: Ledger): Promise<void> {
    for (let round = 0; round < 2_000; round += 1) {
      await ledger.runners.beat(runner(`filler-${round}`));
      const details = { text: 'x'.repeat(2_000) };
      await ledger.audit.recordRefusal({ actor: ann, reason: 'fill', details });
    }
  }
});

describe('a backup', () => {
  it('is a ledger as it was, made while others write, never over another file', async () => {
    const file = temporaryLedger();
    const desk = await Desk.open((options) => openLedger({ path: file, ...options }));
    const { id } = await desk.ended('succeeded');
    const target = path.join(path.dirname(file), 'copy.db');
    const { bytes } = await desk.ledger.maintenance.backup(target);
    expect(bytes).toBe(statSync(target).size);
    const anchor = await desk.ledger.audit.anchor();
    await desk.ended('succeeded');
    const copy = await openLedger({ path: target, clock: desk.clock });
    expect(copy.id).toBe(desk.ledger.id);
    expect((await copy.runs.list()).map((run) => run.id)).toEqual([id]);
    expect((await copy.audit.verify({ anchors: [anchor] })).isIntact).toBe(true);
    expect((await copy.maintenance.check()).isSound).toBe(true);
    await copy.close();
    const before = readFileSync(target);
    const error = await failureOf(desk.ledger.maintenance.backup(target));
    expect(error).toMatchObject({ code: 'LEDGER_UNWRITABLE', facts: { target } });
    expect(readFileSync(target)).toEqual(before);
    const nowhere = path.join(path.dirname(file), 'no', 'copy.db');
    expect((await failureOf(desk.ledger.maintenance.backup(nowhere))).code).toBe(
      'LEDGER_UNWRITABLE',
    );
    await desk.close();
  });
});
