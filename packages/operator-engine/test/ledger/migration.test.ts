import { hash as digest } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../src/ledger/sqlite/connection.ts';
import { RowMarks } from '../../src/ledger/rules/transaction/row-marks.ts';
import { columnsOf } from '../../src/ledger/rules/store/columns-of.ts';
import { MIGRATIONS } from '../../src/ledger/rules/store/schema.ts';
import { EXPECTED_HASH, hashSchema } from '../../src/ledger/sqlite/schema-check.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { APPLICATION_ID } from '../../src/ledger/sqlite/prepare-file.ts';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import { ann } from '../../src/ledger-suite/plans.ts';
import { HOUR, TestClock } from '../../src/ledger-suite/test-clock.ts';
import oldLedger from './fixtures/schema-9.json' with { type: 'json' };
import { temporaryDirectory } from './temporary.ts';

/** The last shape in which runs had the column `secret_parameters`, which nothing ever wrote. */
const BEFORE = 7;

/** The last shape with one chain for everything. */
const ONE_CHAIN = 9;

type Row = Readonly<Record<string, string | number | null>>;

/** Puts the rows that a program of that shape has written into a file: a run is under way, and another one has ended. */
function putOld(file: string): void {
  const database = new DatabaseSync(file);
  for (const step of MIGRATIONS.slice(0, ONE_CHAIN)) database.exec(step);
  const pragmas = `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${ONE_CHAIN}`;
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; ${pragmas}`);
  for (const [table, rows] of Object.entries<readonly Row[]>(oldLedger.tables)) {
    for (const row of rows) {
      const places = Object.keys(row).map(() => '?');
      const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`;
      database.prepare(sql).run(...Object.values(row));
    }
  }
  database.close();
}

const RUN = `INSERT INTO run (id, digest, state, subject, plugin, system_kind, system_id, action,
  risk_level, summary, purpose, requester_kind, requester_name, created_at, expires_at,
  request_count, first_entry)
  VALUES ('r', 'd', 'planned', 's', 'p', 'k', 'i', 'a', 'low', 'x', 'change', 'person', 'ann', 1, 2, 1, 1)`;

it('the mark of a run from before a column was dropped is the same afterwards', async () => {
  const path = join(temporaryDirectory(), 'ledger.db');
  const connection = new DatabaseSync(path);
  for (const step of MIGRATIONS.slice(0, BEFORE)) connection.exec(step);
  connection.exec(RUN);
  const run = connection.prepare('SELECT * FROM run').all();
  expect(run[0]).toHaveProperty('secret_parameters', null);
  const written = `${BEFORE}:${digest('sha256', JSON.stringify([run, [], [], [], []]), 'hex')}`;
  for (const step of MIGRATIONS.slice(BEFORE)) connection.exec(step);
  expect(connection.prepare('SELECT * FROM run').get()).not.toHaveProperty('secret_parameters');
  expect(await new RowMarks().ofRun(new Connection(connection), 'r', BEFORE)).toBe(written);
  connection.close();
});

it('the schema of this version has the hash by which a ledger is recognised', async () => {
  const connection = new DatabaseSync(':memory:');
  for (const step of MIGRATIONS) connection.exec(step);
  expect(await hashSchema(new Connection(connection))).toBe(EXPECTED_HASH);
  connection.close();
});

it('the columns of every version are those that its migrations make', () => {
  const connection = new DatabaseSync(':memory:');
  for (const [index, step] of MIGRATIONS.entries()) {
    connection.exec(step);
    const tables = connection.prepare(`SELECT name FROM pragma_table_list WHERE schema = 'main'`);
    const names = tables.all().map(({ name }) => String(name));
    for (const table of names.filter((name) => !name.startsWith('sqlite_') && name !== 'audit')) {
      const columns = connection.prepare(`PRAGMA table_info(${table})`).all();
      const expected = columns.map(({ name }) => name);
      expect(columnsOf(table, index + 1), `${table} of version ${index + 1}`).toEqual(expected);
    }
  }
  connection.close();
});

describe('a ledger from before there were chains for each system', () => {
  it('records that its own rows were edited before the migration', async () => {
    const file = join(temporaryDirectory(), 'ledger.db');
    putOld(file);
    const raw = new DatabaseSync(file);
    raw.exec('UPDATE control SET generation = generation + 1');
    raw.close();
    const ledger = await openLedger({ path: file, clock: new TestClock() });
    const { problems } = await ledger.maintenance.check();
    expect(problems.join()).toMatch(
      /mode, kill switch, policy binding or time were edited before/u,
    );
    await ledger.close();
  });

  it('is migrated: its one chain is the beginning of the root chain, and a run under way ends', async () => {
    const file = join(temporaryDirectory(), 'ledger.db');
    const clock = new TestClock();
    const { anchor, run, tables } = oldLedger;
    const hashes = tables.audit.map((row) => row.hash);
    putOld(file);
    const ledger = await openLedger({ path: file, clock });
    const before = await ledger.audit.list();
    expect(before.map(({ chain, place, hash }) => ({ chain, place, hash }))).toEqual([
      ...hashes.map((one, at) => ({ chain: 'root', place: at + 1, hash: one })),
      { chain: 'root', place: hashes.length + 1, hash: before.at(-1)?.hash },
    ]);
    expect(before.at(-1)).toMatchObject({ kind: 'ledger_migrated' });
    expect((await ledger.audit.verify({ anchors: [anchor] })).isIntact).toBe(true);
    expect((await ledger.maintenance.check()).problems).toEqual([]);
    const { id, fence } = run;
    await ledger.runs.recordResult(
      id,
      { fence, index: 0 },
      { outcome: 'accepted', status: 200, answer: 'ok' },
    );
    await ledger.runs.move(id, { fence, to: 'verifying' });
    await ledger.runs.move(id, { fence, to: 'succeeded' });
    const desk = new Desk(async () => ledger, { clock, ledger });
    const later = await desk.ended('succeeded', { lock: ['lamp:1'] });
    expect(later.fence, 'no fence is given out twice').toBeGreaterThan(fence);
    expect((await ledger.runs.laterOn(id, ['lamp:1'])).map((one) => one.id)).toEqual([later.id]);
    const story = await ledger.runs.events(id);
    expect(new Set(story.map(({ chain }) => chain))).toEqual(new Set(['root', 'lamp-house:one']));
    const ends = story.filter(({ chain }) => chain !== 'root').map(({ place }) => place);
    expect(ends[0], 'places go on above those of the root chain').toBe(hashes.length + 1);
    const report = await ledger.maintenance.check();
    expect(report).toMatchObject({ isSound: true, problems: [], audit: { isIntact: true } });
    clock.pass(48 * HOUR);
    await desk.ended('succeeded');
    const pruned = await ledger.maintenance.prune('2026-03-02T12:00:00Z', ann);
    expect(pruned.runs).toBe(3);
    expect((await ledger.maintenance.check()).problems).toEqual([]);
    await ledger.close();
  });
});
