import type { Desk, LedgerCheck } from './ledger-check.ts';
import { allow, ann, ben, cleo, needs, POLICY, script } from './plans.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Decision } from '../ledger/approval.ts';
import type { ApprovalProgress } from '../ledger/approvals.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import { failureOf } from './failure-of.ts';
import { MINUTE } from './test-clock.ts';

async function waiting(desk: Desk, decision: Decision = needs(1)): Promise<RunRecord> {
  const { id } = await desk.planned();
  return (await desk.ledger.runs.decide(id, decision, ann)).run;
}

async function approve(desk: Desk, run: RunRecord, approver: Actor): Promise<ApprovalProgress> {
  const given = { runId: run.id, digest: run.digest, approver, policyVersion: POLICY };
  return desk.ledger.approvals.approve(given);
}

export const approvalChecks: readonly LedgerCheck[] = [
  {
    id: 'approvals:enough',
    title: 'approves a run with the last consent that it needed, of different persons',
    async run(desk, expect) {
      const run = await waiting(desk, needs(2));
      const first = await approve(desk, run, ben);
      expect(first).toMatchObject({ needed: 2, run: { state: 'awaiting_approval' } });
      const twice = await approve(desk, run, ben);
      expect(twice.given).toHaveLength(1);
      expect(await desk.claim(run.id)).toMatchObject({
        outcome: 'not_approved',
        given: 1,
        needed: 2,
      });
      const second = await approve(desk, run, cleo);
      expect(second.run.state).toBe('approved');
      expect(second.given.map(({ approver }) => approver)).toEqual([ben, cleo]);
      expect((await desk.claim(run.id)).outcome).toBe('claimed');
      const { approvals } = await desk.ledger.runs.get(run.id);
      const consumed = approvals.map(({ consumedAt }) => consumedAt);
      expect(consumed).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z']);
    },
  },
  {
    id: 'approvals:who',
    title: 'refuses a consent that does not count, and writes that down',
    async run(desk, expect) {
      const { approvals } = desk.ledger;
      const run = await waiting(desk, needs(1, { from: ['ben', 'ann'] }));
      const good = { runId: run.id, digest: run.digest, approver: ben, policyVersion: POLICY };
      const bad = [
        ['digest_differs', { ...good, digest: `${run.digest.slice(0, -1)}x` }],
        ['policy_changed', { ...good, policyVersion: 'policy-2' }],
        ['not_a_person', { ...good, approver: script }],
        ['approver_is_requester', { ...good, approver: ann }],
        ['not_an_approver', { ...good, approver: cleo }],
      ] as const;
      for (const [because, given] of bad) {
        const error = await failureOf(approvals.approve(given));
        expect(error).toMatchObject({ code: 'APPROVAL_REFUSED', facts: { because } });
      }
      expect(await desk.stateOf(run.id)).toBe('awaiting_approval');
      const refused = (await desk.story(run.id)).filter((kind) => kind === 'approval_refused');
      expect(refused).toHaveLength(bad.length);
      expect((await approvals.approve(good)).run.state).toBe('approved');
    },
  },
  {
    id: 'approvals:own',
    title: 'counts the requester’s own consent where the rule says so',
    async run(desk, expect) {
      const run = await waiting(desk, needs(1, { own: true }));
      expect((await approve(desk, run, ann)).run.state).toBe('approved');
    },
  },
  {
    id: 'approvals:expire',
    title: 'lets a consent lapse after its time, and a run that relied on it with it',
    async run(desk, expect) {
      const run = await waiting(desk, needs(2));
      await approve(desk, run, ben);
      desk.clock.pass(15 * MINUTE);
      const late = await approve(desk, run, cleo);
      expect(late).toMatchObject({ run: { state: 'awaiting_approval' } });
      expect(late.given.map(({ approver }) => approver)).toEqual([cleo]);
      const renewed = await approve(desk, run, ben);
      expect(renewed.run.state).toBe('approved');
      desk.clock.pass(15 * MINUTE);
      expect(await desk.claim(run.id)).toMatchObject({ outcome: 'over', state: 'expired' });
    },
  },
  {
    id: 'approvals:pending',
    title: 'lists what waits, oldest first, without what has expired',
    async run(desk, expect) {
      const { approvals, runs } = desk.ledger;
      const short = await desk.planned({}, { expiresInMs: MINUTE });
      await runs.decide(short.id, needs(1), ann);
      const a = await waiting(desk, needs(2));
      const b = await waiting(desk);
      await approve(desk, a, ben);
      const pending = await approvals.pending();
      expect(pending.map(({ run }) => run.id)).toEqual([short.id, a.id, b.id]);
      expect(pending.map(({ given, needed }) => [given.length, needed])).toEqual([
        [0, 1],
        [1, 2],
        [0, 1],
      ]);
      desk.clock.pass(MINUTE);
      expect((await approvals.pending()).map(({ run }) => run.id)).toEqual([a.id, b.id]);
      const late = await failureOf(approve(desk, short, ben));
      expect(late).toMatchObject({ code: 'RUN_STATE_CONFLICT', facts: { state: 'expired' } });
    },
  },
  {
    id: 'approvals:reject',
    title: 'ends a waiting run when a person says no',
    async run(desk, expect) {
      const { approvals } = desk.ledger;
      const run = await waiting(desk);
      const rejected = await approvals.reject({ runId: run.id, by: ben, reason: 'too risky' });
      expect(rejected).toMatchObject({ state: 'rejected', reason: 'too risky' });
      const late = await failureOf(approve(desk, run, cleo));
      expect(late.code).toBe('RUN_STATE_CONFLICT');
      const { id } = await desk.approved();
      const wrong = await failureOf(approvals.reject({ runId: id, by: ben, reason: 'no' }));
      expect(wrong.code).toBe('RUN_STATE_CONFLICT');
    },
  },
  {
    id: 'approvals:nothing-waits',
    title: 'takes no consent to a run that waits for none',
    async run(desk, expect) {
      const { id } = await desk.planned();
      const { run } = await desk.ledger.runs.decide(id, allow, ann);
      expect((await failureOf(approve(desk, run, ben))).code).toBe('RUN_STATE_CONFLICT');
    },
  },
];
