import { describe, expect, it } from 'vitest';
import { drain, failureOf, runOf } from './support/errors.ts';
import { ALLOW_ALL, BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';

const TWO_EYES = ALLOW_ALL.replace(
  'rules:',
  'rules:\n  - { id: ask, when: {}, decision: needs_approval, reason: Ask Bob. }',
);

/** Asks for lamp 1 and is told to wait. */
async function ask({ subject, engine }: Lamps): Promise<{ runId: string; digest: string }> {
  const plan = await planOf(subject, 'switch_lamp', { lamp_id: 1 });
  const events: string[] = [];
  const error = await failureOf(
    drain(subject.apply(plan), (event) => {
      events.push(event.kind);
      if ('run' in event) expect(event.run).not.toHaveProperty('plan');
    }),
  );
  expect(error).toMatchObject({ code: 'NEEDS_APPROVAL', kind: 'needs_approval' });
  expect(events).toEqual(['recorded', 'decided', 'waiting_for_approval']);
  const runId = runOf(error);
  expect(await engine.runs.get(runId)).toMatchObject({ state: 'awaiting_approval' });
  return { runId, digest: plan.digest };
}

describe('a run that needs consent', () => {
  it('continues in the process of the approver when no runner watches', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId, digest } = await ask(lamps);
    const { engine } = await lamps.open(BOB);
    expect(await engine.approvals.pending()).toMatchObject([{ run: { id: runId }, needed: 1 }]);
    expect(await engine.approvals.waiting()).toMatchObject([
      { progress: { needed: 1 }, details: { id: runId, plan: {} }, isOutdated: false },
    ]);
    const approved = await engine.approvals.approve(runId, { digest, comment: 'go' });
    expect(approved).toMatchObject({ goesOn: 'here', run: { state: 'approved' } });
    const { result } = await drain(engine.runs.resume(runId));
    expect(result.state).toBe('succeeded');
    expect(await engine.runs.get(runId)).toMatchObject({
      requester: { name: 'ada' },
      approvals: [{ approver: BOB, comment: 'go' }],
    });
  });

  it('goes on in the process that watches, when there is one', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId, digest } = await ask(lamps);
    const worker = startWorker(lamps.directory, { do: 'watch' });
    await worker.said(({ kind }) => kind === 'started');
    const { engine } = await lamps.open(BOB);
    expect(await engine.approvals.approve(runId, { digest })).toMatchObject({ goesOn: 'watch' });
    const told = await worker.said(({ kind }) => kind === 'went_on');
    expect(told).toMatchObject({ runId, details: { state: 'succeeded' } });
    worker.kill('SIGTERM');
    await worker.gone;
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is not approved by a program that runs as its requester', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId, digest } = await ask(lamps);
    const { engine } = await lamps.open({ kind: 'program', name: 'ada' });
    const error = await failureOf(engine.approvals.approve(runId, { digest }));
    expect(error).toMatchObject({ code: 'APPROVAL_REFUSED' });
    expect(lamps.house.changes).toEqual([]);
  });

  it('is not approved by its requester, nor for another plan', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId, digest } = await ask(lamps);
    const own = await failureOf(lamps.engine.approvals.approve(runId, { digest }));
    expect(own).toMatchObject({ code: 'APPROVAL_REFUSED' });
    const { engine } = await lamps.open(BOB);
    const other = await failureOf(engine.approvals.approve(runId, { digest: 'sha256:0' }));
    expect(other).toMatchObject({ code: 'APPROVAL_REFUSED' });
    expect(lamps.house.changes).toEqual([]);
  });

  it('is not begun by a process that wants proof, when nothing proves who asked', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId, digest } = await ask(lamps);
    const { engine } = await lamps.open(BOB);
    await engine.approvals.approve(runId, { digest });
    const other = await lamps.open({ kind: 'person' });
    const error = await failureOf(drain(other.engine.runs.resume(runId)));
    expect(error).toMatchObject({ code: 'IDENTITY_NOT_PROVEN', kind: 'refused' });
    expect(error.message).toContain('the request of ada is not proven');
    expect(await engine.runs.get(runId)).toMatchObject({ state: 'refused' });
    expect(lamps.house.changes).toEqual([]);
  });

  it('that was rejected has ended: running it again fails with the reason', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId } = await ask(lamps);
    const { engine } = await lamps.open(BOB);
    expect(await engine.approvals.reject(runId, { reason: 'no' })).toMatchObject({
      state: 'rejected',
    });
    const error = await failureOf(drain(lamps.subject.run(runId)));
    expect(error).toMatchObject({ code: 'RUN_REJECTED', kind: 'refused' });
    expect(error.message).toContain('no');
  });

  it('is refused when the system has changed while it waited', async () => {
    await using lamps = await openLamps({ policy: TWO_EYES });
    const { runId, digest } = await ask(lamps);
    lamps.house.lamps.set(1, { on: false, wiring: 2 });
    const { engine } = await lamps.open(BOB);
    await engine.approvals.approve(runId, { digest });
    const error = await failureOf(drain(engine.runs.resume(runId)));
    expect(error.code).toBe('PLAN_STALE');
    expect(await engine.runs.get(runId)).toMatchObject({ state: 'refused' });
    expect(lamps.house.changes).toEqual([]);
  });
});
