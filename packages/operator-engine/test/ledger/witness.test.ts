import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { Witness } from '../../src/ledger/witness.ts';
import { failureOf } from '../support/errors.ts';
import { allow, ann, ben, planOf, runner } from '../../src/ledger-suite/plans.ts';
import { HOUR, TestClock } from '../../src/ledger-suite/test-clock.ts';

/** A ledger's file, and its users with a witness each. */
class Shared {
  readonly directory = mkdtempSync(join(tmpdir(), 'operator-witness-'));
  readonly path = join(this.directory, 'ledger.db');
  readonly #open: Ledger[] = [];

  async as(user: string, clock?: TestClock): Promise<Ledger> {
    const witness = join(this.directory, 'state', user);
    const ledger = await openLedger({ path: this.path, witness, ...(clock && { clock }) });
    this.#open.push(ledger);
    return ledger;
  }

  async closeAll(): Promise<void> {
    for (const ledger of this.#open.splice(0)) await ledger.close();
  }

  /** Keeps the file as it is; returns what puts it back. */
  async copy(): Promise<() => Promise<void>> {
    await this.closeAll();
    const copy = join(this.directory, 'copy.db');
    rmSync(copy, { force: true });
    copyFileSync(this.path, copy);
    return async () => {
      await this.closeAll();
      for (const end of ['', '-wal', '-shm']) rmSync(`${this.path}${end}`, { force: true });
      copyFileSync(copy, this.path);
    };
  }

  async remove(): Promise<void> {
    await this.closeAll();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

let shared: Shared;

beforeEach(() => {
  shared = new Shared();
});

afterEach(() => shared.remove());

async function approved(ledger: Ledger, system = 'one'): Promise<string> {
  const { run } = await ledger.runs.create({
    plan: planOf({ system }),
    requester: ann,
    expiresInMs: 600_000,
  });
  await ledger.runs.decide(run.id, allow, ann);
  return run.id;
}

/** Claims a run and lets its request leave. */
async function send(ledger: Ledger, runId: string): Promise<string> {
  const terms = { runner: runner(`r-${runId}`), decision: allow };
  const claim = await ledger.runs.claim(runId, terms);
  if (claim.outcome !== 'claimed') return claim.outcome;
  const { fence } = claim;
  const { outcome } = await ledger.runs.intend(runId, { fence, index: 0 });
  await ledger.runs.recordResult(
    runId,
    { fence, index: 0 },
    { outcome: 'accepted', status: 200, answer: 'ok' },
  );
  await ledger.runs.move(runId, { fence, to: 'verifying' });
  await ledger.runs.move(runId, { fence, to: 'succeeded' });
  return outcome;
}

describe('the witness of a ledger', () => {
  it('misses a file that is gone, in whichever way its folder is named, until it is begun again', async () => {
    const ledger = await shared.as('ann');
    await send(ledger, await approved(ledger));
    await shared.closeAll();
    for (const end of ['', '-wal', '-shm']) rmSync(`${shared.path}${end}`, { force: true });
    const missing = { code: 'LEDGER_MISSING', facts: { seen: [ledger.id], beside: [] } };
    expect(await failureOf(shared.as('ann'))).toMatchObject(missing);
    const link = join(shared.directory, 'link');
    symlinkSync(shared.directory, link);
    const witness = join(shared.directory, 'state', 'ann');
    const path = join(link, 'ledger.db');
    expect(await failureOf(openLedger({ path, witness }))).toMatchObject(missing);
    const anew = await openLedger({ path, witness, beginAgain: true });
    await send(anew, await approved(anew));
    await anew.close();
    expect((await shared.as('ann')).id).toBe(anew.id);
  });

  it('lets no run be carried out a second time after an older copy was put back', async () => {
    const runId = await approved(await shared.as('ann'));
    const putBack = await shared.copy();
    expect(await send(await shared.as('ann'), runId)).toBe('may_send');
    await putBack();
    const restored = await shared.as('ann');
    const error = await failureOf(send(restored, runId));
    expect(error).toMatchObject({ code: 'LEDGER_ROLLED_BACK', kind: 'refused' });
    expect(error.message).toMatch(
      /the entries after \d+, and the records of what they did, are missing/u,
    );
    expect((await restored.mode.get()).stop?.reason).toContain('missing');
    expect((await restored.runs.get(runId)).requests).toEqual([]);
    const { isSound, problems } = await restored.maintenance.check();
    expect(isSound).toBe(false);
    expect(problems.join(' ')).toContain('are missing');
  });

  it.each([
    [
      'its beginnings are moved ahead, as if all had been pruned',
      'UPDATE chain SET start_place = 1000000',
    ],
    [
      'the beginning of one system is moved ahead',
      "UPDATE chain SET start_place = 1000000 WHERE name <> 'root'",
    ],
    [
      'it takes the id of a ledger that no user has seen',
      "UPDATE control SET ledger_id = '11111111-1111-4111-8111-111111111111'",
    ],
  ])('knows an older copy also when %s', async (_how, sql) => {
    const runId = await approved(await shared.as('ann'));
    const putBack = await shared.copy();
    await send(await shared.as('ann'), runId);
    await putBack();
    const database = new DatabaseSync(shared.path);
    database.exec(sql);
    database.close();
    const error = await failureOf(send(await shared.as('ann'), runId));
    expect(['LEDGER_ROLLED_BACK', 'LEDGER_CORRUPT']).toContain(error.code);
  });

  it('also stops users who have seen none of the missing entries', async () => {
    const ledger = await shared.as('ann');
    const first = await approved(ledger);
    const second = await approved(ledger);
    const putBack = await shared.copy();
    await send(await shared.as('ann'), first);
    await putBack();
    await failureOf(send(await shared.as('ann'), second));
    expect(await send(await shared.as('ben'), second)).toBe('stopped');
  });

  it('recognises a copy that has grown past what was seen', async () => {
    const runId = await approved(await shared.as('ann'));
    const putBack = await shared.copy();
    await send(await shared.as('ann'), runId);
    await putBack();
    const ben2 = await shared.as('ben');
    for (let count = 0; count < 10; count += 1) await send(ben2, await approved(ben2));
    const error = await failureOf(send(await shared.as('ann'), runId));
    expect(error).toMatchObject({ code: 'LEDGER_ROLLED_BACK', facts: { isCut: false } });
  });

  it('goes on once the owner has accepted it, on the record, and finds the next one', async () => {
    const ledger = await shared.as('ann');
    const runId = await approved(ledger);
    const putBack = await shared.copy();
    await send(await shared.as('ann'), runId);
    await putBack();
    const restored = await shared.as('ann');
    await failureOf(send(restored, runId));
    const { through, head } = await restored.maintenance.acceptRollback({
      by: ann,
      reason: 'disk',
    });
    expect(through).toBeGreaterThan(0);
    expect(head).toBeGreaterThan(0);
    const told = await restored.audit.list({ kinds: ['rollback_found', 'rollback_accepted'] });
    expect(told.map(({ kind }) => kind)).toEqual(['rollback_found', 'rollback_accepted']);
    await restored.mode.resume({ by: ann, reason: 'looked' });
    expect(await restored.maintenance.rollback()).toBeNull();
    const putBackAgain = await shared.copy();
    expect(await send(await shared.as('ann'), runId)).toBe('may_send');
    await putBackAgain();
    const error = await failureOf(send(await shared.as('ann'), runId));
    expect(error.code).toBe('LEDGER_ROLLED_BACK');
  });

  it('of another user counts as long as the owner did not accept that far', async () => {
    const first = await shared.as('ann');
    const [one, two] = [await approved(first), await approved(first)];
    const putBack = await shared.copy();
    await send(await shared.as('ann'), one);
    await send(await shared.as('ben'), two);
    await putBack();
    const ledger = await shared.as('ann');
    await ledger.maintenance.acceptRollback({ by: ann, reason: 'disk' });
    const ben1 = await shared.as('ben');
    const known = (await ben1.maintenance.rollback())?.known;
    expect(known).toBeGreaterThan(0);
    await ledger.maintenance.acceptRollback({ by: ann, reason: 'all of it', through: known });
    expect(await ben1.maintenance.rollback()).toBeNull();
    expect(await send(ben1, two)).toBe('may_send');
    expect(await ben1.maintenance.rollback()).toBeNull();
  });

  it('finds that the end of one system’s chain was cut off, although other chains have grown since', async () => {
    const ledger = await shared.as('ann');
    const [one, other] = [await approved(ledger, 'one'), await approved(ledger, 'two')];
    await send(ledger, one);
    await send(ledger, other);
    await shared.closeAll();
    cutLast(shared.path, 'lamp-house:one');
    const later = await shared.as('ann');
    const lost = await later.maintenance.rollback();
    expect(lost).toMatchObject({ chain: 'lamp-house:one', isCut: true });
    expect((await failureOf(approved(later, 'two'))).code).toBe('LEDGER_ROLLED_BACK');
    expect((await later.mode.get()).stop?.reason).toContain('chain of lamp-house:one');
  });

  it('is not in the way of pruning', async () => {
    const clock = new TestClock();
    const ledger = await shared.as('ann', clock);
    await send(ledger, await approved(ledger));
    await shared.closeAll();
    clock.pass(48 * HOUR);
    const again = await shared.as('ben', clock);
    const pruned = await again.maintenance.prune('2026-03-02T00:00:00Z', ben);
    expect(pruned.entries).toBeGreaterThan(5);
    await again.close();
    const later = await shared.as('ann', clock);
    expect(await later.maintenance.rollback()).toBeNull();
    expect(await send(later, await approved(later))).toBe('may_send');
  });

  it('that cannot be kept lets nothing leave, and the run stays as it was', async () => {
    const ledger = await shared.as('ann');
    const runId = await approved(ledger);
    rmSync(join(shared.directory, 'state', 'ann'), { recursive: true });
    writeFileSync(join(shared.directory, 'state', 'ann'), 'a file where the folder should be');
    const error = await failureOf(send(ledger, runId));
    expect(error).toMatchObject({ code: 'WITNESS_UNUSABLE', kind: 'config' });
    expect(error.remedy).toContain('ledger: { witness: FOLDER }');
    expect((await ledger.runs.get(runId)).state).toBe('approved');
  });

  it('that is lost between claim and sending lets nothing leave either, and says so of the request', async () => {
    const ledger = await shared.as('ann');
    const runId = await approved(ledger);
    const claim = await ledger.runs.claim(runId, { runner: runner('r1'), decision: allow });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    rmSync(join(shared.directory, 'state', 'ann'), { recursive: true });
    writeFileSync(join(shared.directory, 'state', 'ann'), 'a file where the folder should be');
    const intend = ledger.runs.intend(runId, { fence: claim.fence, index: 0 });
    expect((await failureOf(intend)).code).toBe('WITNESS_UNUSABLE');
    const { requests } = await ledger.runs.get(runId);
    expect(requests).toMatchObject([{ index: 0, result: { outcome: 'not_sent' } }]);
  });

  it('is kept again only where it is newer, in whatever order processes come', () => {
    const folder = join(shared.directory, 'state');
    const witness = new Witness(folder);
    const entry = (generation: number, place: number, chain = 'root') => {
      const hash = String(place % 10).repeat(64);
      return { generation, chain, place, sequence: place + 5, hash };
    };
    witness.keep('a', [entry(0, 10)]);
    witness.keep('a', [entry(0, 9)]);
    expect(witness.latest('a')).toEqual([entry(0, 10)]);
    witness.keep('a', [{ ...entry(0, 10), hash: 'f'.repeat(64) }]);
    expect(witness.latest('a'), 'both must be there').toHaveLength(2);
    witness.keep('a', [entry(0, 11)]);
    expect(readdirSync(join(folder, 'a'))).toHaveLength(1);
    witness.keep('a', [entry(1, 3)]);
    expect(witness.latest('a')).toEqual([entry(1, 3)]);
    const long = `lamp-house:${'x'.repeat(300)}`;
    witness.keep('a', [entry(0, 2, 'lamp-house:one'), entry(0, 4, long)]);
    expect(witness.latest('a')).toHaveLength(3);
    witness.keep('a', [entry(0, 5, long)]);
    expect(
      witness
        .latest('a')
        .map(({ place }) => place)
        .toSorted((one, other) => one - other),
    ).toEqual([2, 3, 5]);
    expect(readdirSync(join(folder, 'a'))).toHaveLength(3);
    expect(witness.latest('b')).toEqual([]);
  });

  it('of a version with one chain for everything is one of the root chain', () => {
    const folder = join(shared.directory, 'state');
    mkdirSync(join(folder, 'a'), { recursive: true });
    const hash = 'a'.repeat(64);
    writeFileSync(join(folder, 'a', `0001-0000000000000042-${hash}`), '');
    const old = { generation: 1, chain: 'root', place: 42, sequence: 42, hash };
    expect(new Witness(folder).latest('a')).toEqual([old]);
  });
});

describe('a ledger that is open', () => {
  it('does nothing more when it becomes older than what the process has read', async () => {
    const ledger = await shared.as('ann');
    await approved(ledger);
    const database = new DatabaseSync(shared.path);
    const [{ hash } = { hash: '' }] = database
      .prepare('SELECT hash FROM audit WHERE sequence = 1')
      .all();
    database.exec('DELETE FROM audit WHERE sequence > 1; DELETE FROM chain_seal');
    database.exec("DELETE FROM chain WHERE name <> 'root'");
    const sql = 'UPDATE chain SET head_place = 1, head_sequence = 1, head_hash = ?';
    database.prepare(sql).run(String(hash));
    database.close();
    const error = await failureOf(ledger.mode.set('observe', { by: ben, reason: 'test' }));
    expect(error).toMatchObject({ code: 'LEDGER_ROLLED_BACK', facts: { head: 1, isCut: true } });
  });

  it('changes nothing on any system when the end of one system’s chain is missing', async () => {
    const ledger = await shared.as('ann');
    const run = async (system: string) =>
      ledger.runs.create({ plan: planOf({ system }), requester: ann, expiresInMs: 600_000 });
    const { run: first } = await run('one');
    await ledger.runs.decide(first.id, allow, ann);
    await run('two');
    cutLast(shared.path, 'lamp-house:one');
    await failureOf(ledger.mode.get()).then((error) =>
      expect(error).toMatchObject({
        code: 'LEDGER_ROLLED_BACK',
        facts: { chain: 'lamp-house:one', isCut: true },
      }),
    );
    expect((await failureOf(run('two'))).code).toBe('LEDGER_ROLLED_BACK');
  });
});

/** Cuts the last entry of one chain off, with what knows of it in the chain's row. */
function cutLast(path: string, chain: string): void {
  const database = new DatabaseSync(path);
  database.prepare(CUT).run(chain, chain);
  database.prepare(CUT_HEAD).run(chain, chain);
  database.close();
}

const CUT = `DELETE FROM audit WHERE chain = ?
  AND place = (SELECT max(place) FROM audit WHERE chain = ?)`;
const CUT_HEAD = `UPDATE chain SET (head_place, head_hash, head_sequence) =
  (SELECT place, hash, sequence FROM audit WHERE chain = ? ORDER BY place DESC LIMIT 1) WHERE name = ?`;
