import { execFileSync, spawnSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { bundleProgram } from 'operator-test-programs';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { ClockStatus } from '../../src/ledger/maintenance.ts';
import { failureOf } from '../support/errors.ts';
import { Desk, fenceOf } from '../../src/ledger-suite/ledger-check.ts';
import { ann, ben, needs, planOf, POLICY, runner } from '../../src/ledger-suite/plans.ts';
import { temporaryLedger } from './temporary.ts';
import { HOUR, MINUTE } from '../../src/ledger-suite/test-clock.ts';

/** Edits the ledger's file as a user who may write it does. */
function edit(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

function shift(file: string, ms: number): void {
  edit(
    file,
    `UPDATE control SET time_at = time_at + ${ms}, time_anchor_at = time_anchor_at + ${ms}`,
  );
}

async function openDesk(file: string): Promise<Desk> {
  return Desk.open((options) => openLedger({ path: file, ...options }));
}

async function problemsOf({ ledger }: Desk): Promise<string> {
  return (await ledger.maintenance.check()).problems.join(' ');
}

const FORWARD: readonly [string, string][] = [
  ['its time', `time_at = time_at + ${5 * HOUR}, time_anchor_at = time_anchor_at + ${5 * HOUR}`],
  ['its time alone', `time_at = time_at + ${5 * HOUR}`],
  ['its monotonic clock', `time_monotonic = time_monotonic - ${5 * HOUR}`],
  [
    'its time, as of another boot',
    `time_boot = 'none', time_at = time_at + ${5 * HOUR}, time_anchor_at = NULL, time_anchor_monotonic = NULL`,
  ],
];

describe('the time of a ledger, edited in its file', () => {
  it.each(FORWARD)('ends no lease when %s is set five hours forward', async (_, sql) => {
    const file = temporaryLedger();
    const desk = await openDesk(file);
    const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 3 * HOUR });
    edit(file, `UPDATE control SET ${sql}`);
    const other = await desk.another();
    expect(await other.leases.due()).toEqual([]);
    expect((await other.leases.held()).map(({ runId }) => runId)).toEqual([id]);
    expect((await other.maintenance.check()).problems.join(' ')).toContain('was edited');
    await other.runners.beat(runner('r7'));
    expect((await other.maintenance.check()).problems.join(' ')).toContain('was edited');
    await other.maintenance.acceptTime({ by: ann, reason: 'the file was edited' });
    expect(await other.leases.held()).toEqual([]);
    await desk.close();
  });

  it('ends no consent and no run for good when it is set forward, and goes on when it is set right', async () => {
    const file = temporaryLedger();
    const desk = await openDesk(file);
    const { run } = await approved(desk);
    shift(file, 5 * HOUR);
    expect((await failureOf(claim(desk, run.id))).code).toBe('CLOCK_IN_DOUBT');
    expect(await desk.ledger.runs.expire(ann)).toEqual([]);
    await desk.ledger.maintenance.acceptTime({ by: ann, reason: 'the file was edited' });
    fenceOf(await claim(desk, run.id));
    await desk.close();
  });

  it('uses no consent that has run out when it is set back, and the check finds it', async () => {
    const file = temporaryLedger();
    const desk = await openDesk(file);
    const { run } = await approved(desk);
    desk.clock.pass(16 * MINUTE);
    await desk.ledger.close();
    const back = desk.clock.now() - 40 * MINUTE;
    const monotonic = desk.clock.monotonicMs();
    edit(
      file,
      `UPDATE control SET time_at = ${back}, time_anchor_at = ${back},
         time_monotonic = ${monotonic}, time_anchor_monotonic = ${monotonic}`,
    );
    const other = await desk.another();
    const claimed = other.runs.claim(run.id, { runner: runner('r1'), decision: needs(1) });
    expect((await failureOf(claimed)).code).toBe('CLOCK_IN_DOUBT');
    expect((await other.maintenance.check()).problems.join(' ')).toContain('was edited');
    await other.mode.set('guarded', { by: ann, reason: 'on with it' });
    expect((await other.maintenance.check()).problems.join(' ')).toContain('edited between them');
    await desk.close();
  });

  it('counts a limit by the hours of both clocks, whichever way it is set', async () => {
    for (const ms of [5 * HOUR, -24 * HOUR]) {
      const file = temporaryLedger();
      const desk = await openDesk(file);
      await desk.ended('succeeded');
      await desk.ledger.close();
      shift(file, ms);
      const other = await desk.another();
      const request = { plan: planOf(), requester: ann, expiresInMs: 72 * HOUR };
      const { run } = await other.runs.create(request);
      const decision = { ...needs(1), kind: 'allow' } as const;
      await other.runs.decide(run.id, decision, ann);
      const limits = { runsPerHour: 1 };
      const answer = await other.runs.claim(run.id, { runner: runner('r1'), decision, limits });
      expect(answer.outcome).toBe('limited');
      await desk.close();
    }
  });

  it('is found afterwards, when it was set forward, used and set back', async () => {
    const file = temporaryLedger();
    const desk = await openDesk(file);
    expect(await problemsOf(desk)).toBe('');
    shift(file, 5 * HOUR);
    const other = await desk.another();
    await other.mode.set('guarded', { by: ann, reason: 'in the evening' });
    await other.close();
    shift(file, -5 * HOUR);
    const third = await desk.another();
    await third.mode.set('autonomous', { by: ann, reason: 'at noon' });
    expect((await third.maintenance.check()).problems.join(' ')).toContain('edited between them');
    await desk.close();
  });
});

/** A run that ben has consented to. */
async function approved(desk: Desk) {
  const { approvals, runs } = desk.ledger;
  const request = { plan: planOf(), requester: ann, expiresInMs: HOUR };
  const { run } = await runs.create(request);
  await runs.decide(run.id, needs(1), ann);
  return approvals.approve({
    runId: run.id,
    digest: run.digest,
    policyVersion: POLICY,
    approver: ben,
  });
}

function claim({ ledger }: Desk, runId: string) {
  return ledger.runs.claim(runId, { runner: runner('r1'), decision: needs(1) });
}

const NAMESPACE = ['--user', '--time', '--boottime', '7000'];
const isPossible = spawnSync('unshare', [...NAMESPACE, 'true']).status === 0;
const worker = bundleProgram(new URL('shifted-worker.ts', import.meta.url));

/** Writes from a process whose clock is shifted. */
function writeShifted(file: string, ms: number, prefix: readonly string[]): ClockStatus {
  const node = [process.execPath, worker, file, String(ms)];
  const [command = '', ...rest] = [...prefix, ...node];
  return JSON.parse(execFileSync(command, rest, { encoding: 'utf8' })) as ClockStatus;
}

// Where the kernel refuses time namespaces, no attack can use one.
describe.runIf(isPossible)('a process in a time namespace', () => {
  it('moves the time of a ledger by nothing, however often it alternates with others', async () => {
    const path = temporaryLedger();
    const ledger = await openLedger({ path });
    const before = Date.now();
    for (const minutes of [59, 117, 175]) {
      writeShifted(path, minutes * MINUTE, ['unshare', ...NAMESPACE]);
      await ledger.mode.set('autonomous', { by: ann, reason: 'a normal command' });
    }
    const { at, aheadMs, unconfirmedMs } = await ledger.maintenance.clock();
    expect(Date.parse(at) - before).toBeLessThan(2 * MINUTE);
    expect(Math.abs(aheadMs)).toBeLessThan(MINUTE);
    expect(unconfirmedMs).toBe(0);
    expect((await ledger.maintenance.check()).problems).toEqual([]);
    await ledger.close();
  });
});
