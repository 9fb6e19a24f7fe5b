import { hash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { Connection } from '../../src/ledger/sqlite/connection.ts';
import { RowMarks } from '../../src/ledger/rules/transaction/row-marks.ts';
import { columnsOf } from '../../src/ledger/rules/store/columns-of.ts';
import { MIGRATIONS } from '../../src/ledger/rules/store/schema.ts';
import { EXPECTED_HASH, hashSchema } from '../../src/ledger/sqlite/schema-check.ts';
import { temporaryDirectory } from './temporary.ts';

/** The last shape in which runs had the column `secret_parameters`, which nothing ever wrote. */
const BEFORE = 7;

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
  const written = `${BEFORE}:${hash('sha256', JSON.stringify([run, [], [], [], []]), 'hex')}`;
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
