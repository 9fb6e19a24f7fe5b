import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLOutputValue } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { Desk } from '../../src/ledger-suite/ledger-check.ts';
import {
  allow,
  ann,
  ben,
  cleo,
  needs,
  planOf,
  POLICY,
  runner,
} from '../../src/ledger-suite/plans.ts';
import { failureOf } from '../support/errors.ts';
import { temporaryDirectory } from './temporary.ts';

/** Columns whose edit does not matter, each with the reason. */
const HARMLESS: Readonly<Record<string, string>> = {
  'control.time_at':
    'goes on with every transaction; no deadline is judged by it alone, and edited-time.test.ts finds edits by hours',
  'control.time_monotonic': 'goes on with every transaction',
  'control.time_boot': 'another boot is another reading of the clock, and is a jump that is told',
  'control.time_anchor_at': 'is set anew with every boot',
  'control.time_anchor_monotonic': 'is set anew with every boot',
  'runner.id': 'a heartbeat only says that a process lives; what it did is fenced and in the audit',
  'runner.actor_kind': 'as runner.id',
  'runner.actor_name': 'as runner.id',
  'runner.actor_for': 'as runner.id',
  'runner.role': 'as runner.id',
  'runner.started_at': 'as runner.id',
  'runner.beat_at': 'as runner.id',
  'runner.beat_monotonic': 'as runner.id',
  'runner.beat_boot': 'as runner.id',
  'runner.has_left': 'as runner.id',
};

/** A ledger in which everything has happened once. */
async function fill(path: string): Promise<void> {
  const policy = () => ({ path: '/etc/policy.yaml', owner: 0 });
  const desk = await Desk.open((options) => openLedger({ path, policy, ...options }));
  const { runs, approvals, leases, mode, maintenance } = desk.ledger;
  await desk.ended('succeeded', { lock: ['lamp:1'], share: ['lamp:2'], lease: 'lamp:1' });
  await desk.ended('failed', { lock: ['lamp:3'] });
  const { run } = await runs.create({
    plan: planOf({ lock: ['lamp:4'] }),
    requester: ann,
    expiresInMs: 600_000,
    idempotencyKey: 'once',
    condition: {
      text: 'lamps.rows=0',
      withinMs: 1_000,
      before: { holds: false, summary: 'lamps.rows is 1.' },
      after: null,
    },
  });
  const decision = needs(1);
  await runs.decide(run.id, decision, ann);
  const given = { runId: run.id, digest: run.digest, policyVersion: POLICY };
  await approvals.approve({ ...given, approver: ben, comment: 'go' });
  const claim = await runs.claim(run.id, { runner: runner('r9'), decision });
  if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
  await runs.intend(run.id, { fence: claim.fence, index: 0 });
  await runs.cancel(run.id, { by: cleo, reason: 'no more' });
  const held = await desk.approved({ lock: ['lamp:4'] });
  await desk.claim(held.id, runner('r8'));
  await leases
    .list()
    .then(async ([lease]) =>
      leases.extend(lease?.runId ?? '', { forMs: 7_200_000, by: ann, reason: 'longer' }),
    );
  await mode.set('guarded', { by: ben, reason: 'slowly' });
  await mode.stop({ by: ben, reason: 'stop' });
  desk.clock.jump(-60_000 * 5);
  await maintenance.acceptTime({ by: ann, reason: 'ntp' });
  await desk.close();
}

/** Result of checking a file; a ledger that cannot be opened is not sound. */
async function problemsOf(path: string): Promise<readonly string[]> {
  try {
    const ledger = await openLedger({ path });
    try {
      return (await ledger.maintenance.check()).problems;
    } finally {
      await ledger.close();
    }
  } catch (error) {
    return [String(error)];
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly string[];
  readonly rows: readonly Record<string, SQLOutputValue>[];
}

/** Every table with the columns that are stored, and its first rows. */
function tablesOf(path: string): readonly Table[] {
  const database = new DatabaseSync(path);
  try {
    return database
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .all()
      .map(({ name }) => {
        const stored = database
          .prepare(`PRAGMA table_xinfo(${String(name)})`)
          .all()
          .filter(({ hidden }) => hidden === 0);
        return {
          name: String(name),
          columns: stored.map((column) => ({
            name: String(column['name']),
            type: String(column['type']),
          })),
          keys: stored.filter(({ pk }) => Number(pk) > 0).map((column) => String(column['name'])),
          rows: database
            .prepare(`SELECT * FROM ${String(name)} LIMIT ${name === 'chain' ? 2 : 1}`)
            .all(),
        };
      });
  } finally {
    database.close();
  }
}

/** Edits one column of one row; `false` where SQLite itself does not let it be. */
function edit(
  path: string,
  table: Table,
  change: { column: Column; row: Table['rows'][number] },
): boolean {
  const { column, row } = change;
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  const value =
    column.type === 'TEXT'
      ? `coalesce(${column.name}, '') || ' '`
      : `coalesce(${column.name}, 0) + 1`;
  const where = table.keys.map((key) => `${key} = ?`).join(' AND ');
  try {
    const sql = `UPDATE ${table.name} SET ${column.name} = ${value} WHERE ${where}`;
    return database.prepare(sql).run(...table.keys.map((key) => row[key] ?? null)).changes === 1;
  } catch (error) {
    if (/constraint failed/u.test(String(error))) return false;
    throw error;
  } finally {
    database.close();
  }
}

describe('an edit of the ledger', () => {
  it('is found in every column of every table, but where it does not matter', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'ledger.db');
    await fill(file);
    expect(await problemsOf(file)).toEqual([]);
    const unnoticed: string[] = [];
    for (const table of tablesOf(file)) {
      for (const column of table.columns) {
        const name = `${table.name}.${column.name}`;
        if (name in HARMLESS || table.name === 'sqlite_sequence') continue;
        expect(table.rows, `${table.name} has rows`).not.toEqual([]);
        for (const row of table.rows) {
          const copy = join(directory, 'edited.db');
          for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
          copyFileSync(file, copy);
          if (!edit(copy, table, { column, row })) continue;
          if ((await problemsOf(copy)).length === 0) unnoticed.push(name);
        }
      }
    }
    expect([...new Set(unnoticed)]).toEqual([]);
  }, 120_000);

  it.each(['head_sequence = 1125899906842624', 'head_at = head_at - 60000', 'fence = fence + 1'])(
    'of the row of a chain stays on the record when later entries follow it: %s',
    async (sql) => {
      const path = join(temporaryDirectory(), 'ledger.db');
      const ledger = await openLedger({ path });
      const request = { plan: planOf(), requester: ann, expiresInMs: 60_000 };
      const { run } = await ledger.runs.create(request);
      const database = new DatabaseSync(path);
      database.exec(`UPDATE chain SET ${sql} WHERE name <> 'root'`);
      await ledger.runs.decide(run.id, allow, ann);
      await ledger.runs.claim(run.id, { runner: runner('r1'), decision: allow });
      const problems = (await ledger.maintenance.check()).problems.join(' ');
      expect(problems).toContain('of the chain of lamp-house:one were edited before entry');
      database.exec("UPDATE chain SET head_sequence = 9007199254740992 WHERE name <> 'root'");
      database.close();
      expect((await failureOf(ledger.runs.list())).code).toBe('LEDGER_CORRUPT');
      await ledger.close();
    },
  );

  it('is refused when the run is claimed, and stays on the record when a later change follows it', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const ledger = await openLedger({ path });
    const { run } = await ledger.runs.create({
      plan: planOf(),
      requester: ann,
      expiresInMs: 60_000,
    });
    await ledger.runs.decide(run.id, needs(1), ann);
    const database = new DatabaseSync(path);
    database.exec(`UPDATE run SET state = 'approved', approvals_needed = 0`);
    database.close();
    const claim = await ledger.runs.claim(run.id, { runner: runner('r1'), decision: needs(0) });
    expect(claim).toMatchObject({ outcome: 'altered', run: { state: 'refused' } });
    const [told] = await ledger.audit.list({ kinds: ['rows_edited'] });
    expect(told).toMatchObject({ runId: run.id });
    await ledger.close();
    expect((await problemsOf(path)).join(' ')).toContain('edited before entry');
  });

  it.each([
    ['run', "UPDATE run SET summary = 'harmless'", 'note'],
    ['request', "UPDATE request SET outcome = 'refused'", 'note'],
    ['approval', "UPDATE approval SET comment = 'never'", 'note'],
    ['resource_lock', "UPDATE resource_lock SET mode = 'shared'", 'note'],
    ['lease', 'UPDATE lease SET ends_at = NULL', 'extend'],
    ['lease', "UPDATE lease SET owner_name = 'cleo'", 'beginEnd'],
    ['lease', "UPDATE lease SET owner_name = 'cleo'", 'close'],
    ['run', "UPDATE run SET owner_name = 'cleo'", 'takeOver'],
    ['run', "UPDATE run SET requester_name = 'cleo'", 'undone'],
    ['mode', 'UPDATE mode SET stop_since = NULL, stop_by_kind = NULL', 'mode'],
    ['policy_binding', "UPDATE policy_binding SET path = '/etc/other.yaml'", 'mode'],
    ['control', 'UPDATE control SET fence = 7000', 'mode'],
    ['chain', 'UPDATE chain SET fence = 7000', 'note'],
    ['mode', 'UPDATE mode SET stop_since = NULL, stop_by_kind = NULL', 'seal'],
  ] as const)(
    'of the table %s is not covered by the mark of the change after it: %s, %s',
    async (_table, sql, writer) => {
      const path = join(temporaryDirectory(), 'ledger.db');
      const policy = () => ({ path: '/etc/policy.yaml', owner: 0 });
      const desk = await Desk.open((options) => openLedger({ path, policy, ...options }));
      const { runs, leases, mode } = desk.ledger;
      const { run } = await runs.create({
        plan: planOf({ lease: 'lamp:1', lock: ['lamp:1'] }),
        requester: ann,
        expiresInMs: 600_000,
        leaseMs: 60_000,
      });
      const decision = needs(1);
      await runs.decide(run.id, decision, ann);
      const given = { runId: run.id, digest: run.digest, policyVersion: POLICY };
      await desk.ledger.approvals.approve({ ...given, approver: ben, comment: 'go' });
      const claim = await runs.claim(run.id, { runner: runner('r9'), decision });
      const fence = claim.outcome === 'claimed' ? claim.fence : 0;
      await runs.intend(run.id, { fence, index: 0 });
      await runs.recordResult(
        run.id,
        { fence, index: 0 },
        { outcome: 'accepted', status: 200, answer: 'ok' },
      );
      await mode.stop({ by: ben, reason: 'stop' });
      if (writer === 'seal') {
        await runs.note(run.id, fence, { what: 'seen', details: {} });
        desk.clock.pass(120_000);
      }
      if (writer === 'undone') {
        await mode.resume({ by: ben, reason: 'go on' });
        await runs.move(run.id, { fence, to: 'verifying' });
        await runs.move(run.id, { fence, to: 'succeeded' });
      }
      const database = new DatabaseSync(path);
      database.exec(sql);
      database.close();
      const change = { by: ann, reason: 'because' };
      const writers = {
        note: () => runs.note(run.id, fence, { what: 'seen', details: {} }),
        extend: () => leases.extend(run.id, { ...change, forMs: 1_000 }),
        beginEnd: async () => {
          await mode.resume(change);
          await leases.beginEnd(run.id, { runner: runner('r8'), reason: 'done' });
        },
        close: () => leases.close(run.id, { ...change, state: 'released' }),
        takeOver: async () => {
          await desk.ledger.runners.leave('r9');
          await runs.takeOver(run.id, runner('r8'));
        },
        undone: async () => {
          const inverse = planOf({ lock: ['lamp:1'] });
          const purpose = { kind: 'undo', of: run.id } as const;
          const undo = await runs.create({
            plan: inverse,
            requester: ann,
            expiresInMs: 600_000,
            purpose,
          });
          const allowed = { kind: 'allow', reasons: ['ok'], policyVersion: POLICY } as const;
          await runs.decide(undo.run.id, allowed, ann);
          const taken = await runs.claim(undo.run.id, { runner: runner('r7'), decision: allowed });
          if (taken.outcome !== 'claimed') throw new Error(taken.outcome);
          await runs.move(undo.run.id, { fence: taken.fence, to: 'verifying' });
          await runs.move(undo.run.id, { fence: taken.fence, to: 'succeeded' });
        },
        mode: () => mode.set('guarded', change),
        seal: () => desk.ledger.runners.beat(runner('r6')),
      };
      await writers[writer]();
      expect((await desk.ledger.audit.list({ kinds: ['rows_edited'] })).length).toBeGreaterThan(0);
      await desk.close();
      expect((await problemsOf(path)).join(' ')).toContain('edited before entry');
    },
  );

  it('before a consent is not covered by it: the run is refused when it is claimed', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const ledger = await openLedger({ path });
    const request = { plan: planOf(), requester: ann, expiresInMs: 60_000 };
    const { run } = await ledger.runs.create(request);
    await ledger.runs.decide(run.id, needs(2), ann);
    const database = new DatabaseSync(path);
    database.exec('UPDATE run SET approvals_needed = 1');
    database.close();
    const given = { runId: run.id, digest: run.digest, policyVersion: POLICY };
    await ledger.approvals.approve({ ...given, approver: ben });
    const claim = await ledger.runs.claim(run.id, { runner: runner('r1'), decision: needs(1) });
    expect(claim).toMatchObject({ outcome: 'altered', run: { state: 'refused' } });
    await ledger.close();
  });

  it.each([
    [
      'a row is put in',
      'INSERT INTO request (run_id, place, intended_at) SELECT id, 7, 1 FROM run LIMIT 1',
    ],
    ['a run is removed', 'DELETE FROM run WHERE sequence = 2'],
    [
      'a run is made',
      "INSERT INTO run SELECT NULL, 'made', 'd', state, reason, subject, plugin, system_kind, system_id, system_version, action, risk_level, summary, purpose, of_run, requester_kind, requester_name, 'k', decision, policy_version, approvals_needed, created_at, expires_at, started_at, ended_at, lease_ms, request_count, has_intended, owner, owner_kind, owner_name, fence, cancel_kind, cancel_name, cancel_reason, cancel_at, detail, refused_claim, first_entry, ended_entry, 'doc', proof, condition, requester_for, owner_for, cancel_for FROM run WHERE sequence = 1",
    ],
    ['the binding is removed', 'DELETE FROM policy_binding'],
    [
      'a trigger is put in',
      "CREATE TRIGGER t AFTER INSERT ON approval BEGIN UPDATE run SET state = 'approved'; END",
    ],
    ['a view is put in', 'CREATE VIEW v AS SELECT 1'],
    ['a table is put in', 'CREATE TABLE notes (a TEXT) STRICT'],
    ['an index is removed', 'DROP INDEX run_by_state'],
    [
      'a plan is edited',
      `UPDATE plan SET document = replace(document, '"riskLevel":"medium"', '"riskLevel":"low"')`,
    ],
  ])('is found: %s', async (_what, sql) => {
    const file = join(temporaryDirectory(), 'ledger.db');
    await fill(file);
    const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
    database.exec(sql);
    database.close();
    expect(await problemsOf(file)).not.toEqual([]);
  });
});
