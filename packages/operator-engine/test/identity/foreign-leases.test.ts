import { chownSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, WatchEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { createMachineClock } from '../../src/clock/machine-clock.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { drain, failureOf } from '../support/errors.ts';
import { ALLOW_ALL, openLamps } from '../support/open-lamps.ts';
import type { Lamps } from '../support/open-lamps.ts';
import { planOf } from '../support/plan-of.ts';
import { forge } from './forge.ts';
import { ASKER, canBecomeOthers, STRANGER } from './users.ts';

/** Holding a lamp needs the consent of another user; releasing it needs none. */
const HOLDS_NEED_CONSENT = `
rules:
  - { id: hold, when: { action: hold_lamp }, decision: needs_approval, reason: It is dark. }
  - { id: all, when: {}, decision: allow, reason: Lamps are harmless. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;

const ME = { kind: 'person' } as const;

/** The lamps, operated by the user of this process, who is proven by files. */
async function openAs(policy: string): Promise<Lamps> {
  return openLamps({ policy, actor: ME });
}

function ledgerOf({ directory }: Lamps): string {
  return join(directory, '.operator', 'ledger.db');
}

async function ask(lamps: Lamps): Promise<string> {
  const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
  return (await lamps.subject.submit(plan, { leaseMs: 3_600_000 })).run.id;
}

/** Rows of a run that was carried out, of which the lease is due. */
function makeRows(runId: string): string {
  return `
    UPDATE run SET state = 'succeeded', started_at = created_at, ended_at = created_at,
      ended_entry = first_entry, approvals_needed = 0 WHERE id = '${runId}';
    INSERT INTO request (run_id, place, intended_at, settled_at, outcome, result)
      SELECT id, 0, created_at, created_at, 'accepted',
        '{"outcome":"accepted","status":200,"bodyText":""}' FROM run WHERE id = '${runId}';
    INSERT INTO lease (run_id, state, subject, system_kind, system_id, system_version, effect,
        resource, owner_kind, owner_name, created_at, ends_at)
      SELECT id, 'active', subject, system_kind, system_id, system_version, 'hold', 'lamp:1',
        requester_kind, requester_name, created_at, created_at FROM run WHERE id = '${runId}'`;
}

async function forgeLease(lamps: Lamps, runId: string): Promise<void> {
  const actor = { kind: 'person', name: 'ann' } as const;
  const details = { from: 'awaiting_approval', to: 'succeeded' };
  const forgery = { sql: makeRows(runId), runId, kind: 'run_moved', actor, details } as const;
  await forge(ledgerOf(lamps), forgery);
}

/** The file that any user of the ledger can write of a run that was never begun. */
function forgeClaim(lamps: Lamps, runId: string, content: object): void {
  const file = join(`${ledgerOf(lamps)}.proofs`, `${runId}.claim.json`);
  writeFileSync(file, JSON.stringify(content));
  chownSync(file, STRANGER, STRANGER);
}

/** Watches until the end of a lease was tried. */
async function watchEnd(engine: Engine): Promise<WatchEvent> {
  const stop = new AbortController();
  let found: WatchEvent | null = null;
  for await (const event of engine.watch({ signal: stop.signal })) {
    if (!event.kind.startsWith('lease_')) continue;
    found ??= event;
    stop.abort();
  }
  if (found === null) throw new Error('nothing was told of a lease');
  return found;
}

function claimOf(lamps: Lamps): string {
  const folder = `${ledgerOf(lamps)}.proofs`;
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.claim.json')) ?? '');
}

describe('a lease of this user', () => {
  it('is ended when its time is over', async () => {
    await using lamps = await openAs(ALLOW_ALL);
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    await drain(lamps.subject.apply(plan, { leaseMs: 1 }));
    expect((await watchEnd(lamps.engine)).kind).toBe('lease_ended');
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });

  it('is ended also when policy has become stricter since', async () => {
    await using lamps = await openAs(ALLOW_ALL);
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    await drain(lamps.subject.apply(plan, { leaseMs: 1 }));
    writeFileSync(join(lamps.directory, 'operator.policy.yaml'), HOLDS_NEED_CONSENT);
    expect((await watchEnd(lamps.engine)).kind).toBe('lease_ended');
  });

  it('is ended when another user has begun it, by the rules of now', async () => {
    await using lamps = await openAs(ALLOW_ALL);
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan, { leaseMs: 3_600_000 }));
    if (process.getuid?.() === 0) chownSync(claimOf(lamps), ASKER, ASKER);
    const ended = await lamps.engine.leases.end(result.runId, { reason: 'it is day' });
    expect(ended.outcome).toBe('ended');
  });

  it('is not ended without a proof of its start, and every command reports that', async () => {
    await using lamps = await openAs(ALLOW_ALL);
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan, { leaseMs: 1 }));
    rmSync(claimOf(lamps));
    const { kind, message, details } = await watchEnd(lamps.engine);
    expect(kind).toBe('lease_not_ended');
    expect(message).toContain('that it was ever begun is not proven');
    expect(details).toMatchObject({ error: { code: 'IDENTITY_NOT_PROVEN' } });
    expect(lamps.house.changes).toHaveLength(1);
    const [sight] = await lamps.engine.leases.look();
    expect(sight?.remedy?.next).toEqual([
      { operation: 'release_lease', lease: result.runId, reason: null },
    ]);
    const { maintenance } = await lamps.engine.openLedger();
    expect((await maintenance.check()).problems.join()).toContain('that it was ever begun');
    await lamps.engine.leases.release(result.runId, { reason: 'it is not ours' });
    expect(await lamps.engine.leases.get(result.runId)).toMatchObject({ state: 'released' });
  });
});

describe('the end of a lease', () => {
  const TEN = 10 * 60_000;

  async function holdFor(lamps: Lamps, leaseMs: number): Promise<string> {
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan, { leaseMs }));
    return result.runId;
  }

  async function dueIn(lamps: Lamps, laterMs: number): Promise<number> {
    const machine = createMachineClock();
    const later = {
      boot: machine.boot,
      now: () => machine.now() + laterMs,
      monotonicMs: () => machine.monotonicMs() + laterMs,
    };
    const ledger = await openLedger({ path: ledgerOf(lamps), identity: 'files', clock: later });
    try {
      return (await ledger.leases.due()).length;
    } finally {
      await ledger.close();
    }
  }

  it('comes at the time that was asked for, although the row names a later one', async () => {
    await using lamps = await openAs(ALLOW_ALL);
    const runId = await holdFor(lamps, TEN);
    const actor = { kind: 'person', name: 'ann' } as const;
    const sql = 'UPDATE lease SET ends_at = 4932000000000';
    await forge(ledgerOf(lamps), { sql, runId, kind: 'lease_extended', actor });
    const { maintenance } = await lamps.engine.openLedger();
    const { problems } = await maintenance.check();
    expect(problems.join()).toContain('nothing proves the end of its lease');
    expect(await dueIn(lamps, TEN)).toBe(0);
    expect(await dueIn(lamps, 2 * TEN)).toBe(1);
  });

  it('comes later where a user has extended the lease', async () => {
    await using lamps = await openAs(ALLOW_ALL);
    const runId = await holdFor(lamps, TEN);
    await lamps.engine.leases.extend(runId, { forMs: 10 * TEN, reason: 'it is late' });
    await lamps.engine.leases.extend(runId, { forMs: 5 * TEN, reason: 'not so late' });
    const { maintenance } = await lamps.engine.openLedger();
    expect((await maintenance.check()).problems).toEqual([]);
    expect(await dueIn(lamps, 4 * TEN)).toBe(0);
    expect(await dueIn(lamps, 6 * TEN)).toBe(1);
  });
});

describe.runIf(canBecomeOthers())('a hold that Operator did not make', () => {
  it('is not removed for rows that say that it is leased', async () => {
    await using lamps = await openAs(HOLDS_NEED_CONSENT);
    const runId = await ask(lamps);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    await forgeLease(lamps, runId);
    expect(await watchEnd(lamps.engine)).toMatchObject({ kind: 'lease_not_ended', runId });
    const error = await failureOf(lamps.engine.leases.end(runId, { reason: 'it is day' }));
    expect(error.code).toBe('IDENTITY_NOT_PROVEN');
    expect(lamps.house.changes).toEqual([]);
  });

  it('is not removed when a user also writes down that it was begun', async () => {
    await using lamps = await openAs(HOLDS_NEED_CONSENT);
    const runId = await ask(lamps);
    const { id: ledgerId, runs } = await lamps.engine.openLedger();
    const { digest } = await runs.get(runId);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    await forgeLease(lamps, runId);
    forgeClaim(lamps, runId, { format: 'operator.claim_proof/1', ledgerId, runId, digest });
    const { message } = await watchEnd(lamps.engine);
    expect(message).toContain('it needs 1 consents, and 0 are proven');
    expect(lamps.house.changes).toEqual([]);
  });

  it('is not removed by a run that claims to be the end or the cancel of another', async () => {
    await using lamps = await openAs(HOLDS_NEED_CONSENT);
    const made = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 2 });
    const { result } = await drain(lamps.subject.apply(made));
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    for (const kind of ['lease_end', 'cancel', 'undo'] as const) {
      const plan = await planOf(lamps.subject, 'release_lamp', { lamp_id: 1 });
      const purpose = { kind, of: result.runId };
      const error = await failureOf(lamps.subject.submit(plan, { purpose }));
      expect(error.code, kind).toBe('UNDO_REFUSED');
    }
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is not removed by a run that claims to be the end of such a lease', async () => {
    await using lamps = await openAs(HOLDS_NEED_CONSENT);
    const runId = await ask(lamps);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    await forgeLease(lamps, runId);
    const end = await planOf(lamps.subject, 'release_lamp', { lamp_id: 1 });
    const purpose = { kind: 'lease_end', of: runId } as const;
    const { run } = await lamps.subject.submit(end, { purpose });
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error.code).toBe('IDENTITY_NOT_PROVEN');
    expect(lamps.house.changes).toEqual([]);
  });
});
