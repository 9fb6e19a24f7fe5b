import { chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { failureOf } from '../support/errors.ts';
import { ann } from '../../src/ledger-suite/plans.ts';
import { forge } from './forge.ts';
import { ASKER, canBecomeOthers, FRIEND, SharedLedger, STRANGER } from './users.ts';

let ledger: SharedLedger;
beforeEach(() => {
  ledger = new SharedLedger();
});
afterEach(() => ledger.remove());

/** An older copy of the ledger of the asker, which lacks what the friend has seen to be begun. */
function loseRun(): { next: string; putBack: () => void } {
  ledger.keepWitnesses();
  const lost = ledger.ask(ASKER, { allowed: true });
  const next = ledger.ask(ASKER, { allowed: true });
  expect(statSync(ledger.path).uid).toBe(ASKER);
  const putBack = ledger.copy();
  expect(ledger.as({ uid: FRIEND }, { do: 'begin', runId: lost }).outcome).toBe('may_send');
  putBack();
  return { next, putBack };
}

function codeOf(uid: number, runId: string): string | undefined {
  return ledger.as({ uid }, { do: 'begin', runId }).error?.code;
}

/** Counts a loss of the ledger as accepted, with an entry and marks that agree. */
async function forgeGeneration(runId: string): Promise<void> {
  const sql = 'UPDATE control SET generation = generation + 1';
  const actor = { kind: 'person', name: `uid:${ASKER}` } as const;
  const details = { head: 1, through: 1_000 };
  await forge(ledger.path, { sql, runId, kind: 'rollback_accepted', actor, details });
}

/** Files that say what the owner of the ledger says. */
function statements(): readonly string[] {
  const folder = join(ledger.proofs, 'owner');
  return readdirSync(folder).map((name) => join(folder, name));
}

describe.runIf(canBecomeOthers())('that a part of the ledger is lost', () => {
  it('is not accepted by an edit, whatever the audit and its marks say', async () => {
    const { next } = loseRun();
    await forgeGeneration(next);
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
  });

  it('is accepted by the owner of the ledger, for that part alone', () => {
    const { next, putBack } = loseRun();
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
    const refused = ledger.as({ uid: STRANGER }, { do: 'accept', through: 1_000 });
    expect(refused.error?.code).toBe('LEDGER_NOT_YOURS');
    expect(ledger.as({ uid: ASKER }, { do: 'accept', through: 100 }).error).toBeUndefined();
    expect(ledger.as({ uid: FRIEND }, { do: 'begin', runId: next }).outcome).toBe('may_send');
    putBack();
    expect(codeOf(FRIEND, next), 'the copy lacks the entry').toBe('LEDGER_ROLLED_BACK');
  });

  it('is accepted for entries that are missing then, and not for a chain that is cut later', () => {
    ledger.keepWitnesses();
    const [one = '', two = '', next = ''] = ['one', 'two', 'one'].map((system) =>
      ledger.ask(ASKER, { allowed: true, system }),
    );
    ledger.copy();
    for (const runId of [two, one]) {
      expect(ledger.as({ uid: FRIEND }, { do: 'begin', runId }).outcome).toBe('may_send');
    }
    ledger.cut('lamp-house:one');
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
    expect(ledger.as({ uid: ASKER }, { do: 'accept', through: 1_000 }).error).toBeUndefined();
    ledger.cut('lamp-house:two');
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
  });

  it('does not count as pruned, even when the audit records a prune by the owner', () => {
    const { next } = loseRun();
    ledger.forgePrune();
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
  });

  it('counts as pruned once the owner has pruned it', () => {
    ledger.keepWitnesses();
    const [first, next] = [1, 2].map(() => ledger.ask(ASKER, { allowed: true }));
    expect(ledger.as({ uid: FRIEND }, { do: 'begin', runId: first ?? '' }).outcome).toBe(
      'may_send',
    );
    expect(ledger.as({ uid: ASKER }, { do: 'cancel', runId: next ?? '' }).error).toBeUndefined();
    expect(ledger.as({ uid: ASKER }, { do: 'prune', inDays: 3 }).error).toBeUndefined();
    const last = ledger.ask(ASKER, { allowed: true });
    expect(ledger.as({ uid: FRIEND }, { do: 'begin', runId: last }).outcome).toBe('may_send');
  });

  it('is not accepted by a file of another user', () => {
    const { next } = loseRun();
    ledger.as({ uid: ASKER }, { do: 'accept', through: 100 });
    const [file = ''] = statements();
    chownSync(file, STRANGER, STRANGER);
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
    chownSync(file, ASKER, ASKER);
    expect(ledger.as({ uid: FRIEND }, { do: 'begin', runId: next }).outcome).toBe('stopped');
  });

  it('is not accepted by a user who replaces the file and so becomes its owner', () => {
    const { next } = loseRun();
    chownSync(ledger.path, STRANGER, statSync(ledger.path).gid);
    expect(ledger.as({ uid: STRANGER }, { do: 'accept', through: 1_000 }).error).toBeUndefined();
    expect(codeOf(FRIEND, next)).toBe('LEDGER_ROLLED_BACK');
  });
});

describe.runIf(process.geteuid !== undefined)('the policy that the owner has bound', () => {
  const path = '/etc/operator/policy.yaml';
  const evil = { path: '/srv/other/policy.yaml', owner: STRANGER };

  async function open(policy: { path: string | null; owner: number | null }): Promise<Ledger> {
    return openLedger({ path: ledger.path, identity: 'files', policy: () => policy });
  }

  it('stays when the row names another, or is gone', async () => {
    const own = { path, owner: 0 };
    const bound = await open(own);
    await bound.policy.bind({ by: ann, reason: 'it is ours' });
    await bound.close();
    const edits = [
      `UPDATE policy_binding SET path = '${evil.path}', owner = ${evil.owner}`,
      'DELETE FROM policy_binding',
    ];
    for (const sql of edits) {
      const database = new DatabaseSync(ledger.path);
      database.exec(sql);
      database.close();
      const here = await open(own);
      await here.policy.check();
      expect(await here.policy.get(), sql).toMatchObject(own);
      const { problems } = await here.maintenance.check();
      expect(problems.join()).toContain(`its owner has bound it to the policy ${path}`);
      await here.close();
      const there = await open(evil);
      expect((await failureOf(there.policy.check())).code).toBe('LEDGER_POLICY_DIFFERS');
      await there.close();
    }
  });

  it('is the last one, also when the file of an earlier one is written again', async () => {
    for (const name of ['one', 'two']) {
      const bound = await open({ path: name, owner: 0 });
      await bound.policy.bind({ by: ann, reason: name });
      await bound.close();
    }
    const first = statements().find((file) => readFileSync(file, 'utf8').includes('"one"')) ?? '';
    writeFileSync(`${first.slice(0, -9)}0000.json`, readFileSync(first));
    const bound = await open({ path: 'two', owner: 0 });
    expect((await bound.policy.get())?.path).toBe('two');
    await bound.close();
  });
});
