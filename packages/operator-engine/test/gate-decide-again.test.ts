import { describe, expect, it } from 'vitest';
import { MINUTE, TestClock } from '../src/ledger-suite/test-clock.ts';
import { drain, failureOf, runOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** Everything is allowed until 12:03, and then as it is said. The clock begins at noon. */
function from1203(decision: string): string {
  const when = '{ during: { zone: UTC, from: 12:03, to: 18:00 } }';
  return `
rules:
  - { id: all, when: {}, decision: allow, reason: Lamps are harmless. }
  - { id: later, when: ${when}, decision: ${decision}, reason: The house sleeps. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;
}

async function requested({ subject }: Lamps, lampId = 1): Promise<string> {
  const { run } = await subject.submit(await planOf(subject, 'switch_lamp', { lamp_id: lampId }));
  expect(run.state).toBe('approved');
  return run.id;
}

describe('a run that was allowed when it was asked for', () => {
  it('is refused when policy denies it by the time it is begun', async () => {
    const ledgerClock = new TestClock();
    await using lamps = await openLamps({ policy: from1203('deny'), ledgerClock });
    const runId = await requested(lamps);
    ledgerClock.pass(4 * MINUTE);
    const error = await failureOf(drain(lamps.subject.run(runId)));
    expect(error).toMatchObject({ code: 'POLICY_DENIED', facts: { runId } });
    expect(error.message).toContain('The house sleeps.');
    expect(lamps.house.changes).toEqual([]);
    expect(await lamps.engine.runs.get(runId)).toMatchObject({
      state: 'refused',
      decision: { kind: 'deny' },
    });
    const [last] = (await lamps.engine.runs.events(runId)).slice(-1);
    expect(last).toMatchObject({ details: { from: 'approved', to: 'refused' } });
  });

  it('waits for people when policy asks for consent by the time it is begun', async () => {
    const ledgerClock = new TestClock();
    const policy = from1203('needs_approval, approval: { count: 1 }');
    await using lamps = await openLamps({ policy, ledgerClock });
    const runId = await requested(lamps);
    ledgerClock.pass(4 * MINUTE);
    const error = await failureOf(drain(lamps.subject.run(runId)));
    expect(error).toMatchObject({ code: 'NEEDS_APPROVAL', facts: { runId, given: 0, needed: 1 } });
    // As long as any run waits for people, not only for the minutes of one that is allowed.
    ledgerClock.pass(10 * MINUTE);
    const waiting = await lamps.engine.runs.get(runId);
    expect(waiting).toMatchObject({ state: 'awaiting_approval', decision: { kind: error.kind } });
    const { engine } = await lamps.open(BOB);
    await engine.approvals.approve(runId, { digest: waiting.digest });
    expect((await drain(lamps.subject.run(runId))).result.state).toBe('succeeded');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is decided about again after it has waited for its turn', async () => {
    const ledgerClock = new TestClock();
    await using lamps = await openLamps({ policy: from1203('deny'), ledgerClock });
    lamps.house.isWired = false;
    const first = lamps.subject.run(await requested(lamps));
    // It has sent, and waits for an effect that does not come by itself.
    for (let next = await first.next(); next.done !== true; next = await first.next()) {
      if (next.value.kind === 'verifying') break;
    }
    const next = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    const waiting = failureOf(
      drain(lamps.subject.apply(next, { patienceMs: 60_000 }), ({ kind }) => {
        if (kind !== 'held_by') return;
        ledgerClock.pass(4 * MINUTE);
        lamps.house.lamps.set(1, { on: true, wiring: 1 });
      }),
    );
    await drain(first);
    expect((await waiting).code).toBe('POLICY_DENIED');
    expect(lamps.house.changes).toHaveLength(1);
  });
});

describe('consent that was given by day', () => {
  it('does not count when the policy requires another approver at night', async () => {
    const ledgerClock = new TestClock();
    const policy = from1203('needs_approval, approval: { count: 1, from: [cleo] }').replace(
      'decision: allow',
      'decision: needs_approval, approval: { count: 1, from: [bob, cleo] }',
    );
    await using lamps = await openLamps({ policy, ledgerClock });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    const bob = await lamps.open(BOB);
    await bob.engine.approvals.approve(run.id, { digest: run.digest });
    ledgerClock.pass(4 * MINUTE);
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'NEEDS_APPROVAL', facts: { from: ['cleo'] } });
    expect(runOf(error)).toBe(run.id);
    expect(lamps.house.changes).toEqual([]);
  });
});
