import { fenceOf } from './ledger-check.ts';
import type { LedgerCheck } from './ledger-check.ts';
import { allow, ann, ben, needs, POLICY, runner } from './plans.ts';
import type { PlanOptions } from './plans.ts';
import { HOUR, MINUTE, SECOND } from './test-clock.ts';

function changing(lamp: string): PlanOptions {
  return { lock: [lamp, 'switchboard'], change: [lamp] };
}

export const claimChecks: readonly LedgerCheck[] = [
  {
    id: 'claim:once',
    title: 'gives a run to one runner only',
    async run(desk, expect) {
      const { id } = await desk.approved();
      const other = await desk.another();
      const terms = { decision: allow };
      const answers = await Promise.all([
        desk.ledger.runs.claim(id, { runner: runner('r1'), ...terms }),
        other.runs.claim(id, { runner: runner('r2'), ...terms }),
        desk.ledger.runs.claim(id, { runner: runner('r3'), ...terms }),
      ]);
      const outcomes = answers.map(({ outcome }) => outcome).toSorted();
      expect(outcomes).toEqual(['claimed', 'owned', 'owned']);
      const claimed = answers.find(({ outcome }) => outcome === 'claimed');
      const run = await desk.ledger.runs.get(id);
      expect(claimed).toMatchObject({ fence: run.fence, run: { state: 'executing', id } });
    },
  },
  {
    id: 'claim:state',
    title: 'gives only approved runs away',
    async run(desk, expect) {
      const planned = await desk.planned();
      expect(await desk.claim(planned.id)).toMatchObject({
        outcome: 'not_approved',
        given: 0,
        needed: 0,
      });
      await desk.ledger.runs.decide(planned.id, needs(2), ann);
      expect(await desk.claim(planned.id)).toMatchObject({
        outcome: 'not_approved',
        given: 0,
        needed: 2,
      });
      const done = await desk.ended('succeeded');
      expect(await desk.claim(done.id)).toMatchObject({ outcome: 'over', state: 'succeeded' });
    },
  },
  {
    id: 'claim:expiry',
    title: 'lets a run expire that was not executed in time',
    async run(desk, expect) {
      const { id } = await desk.approved({}, { expiresInMs: MINUTE });
      desk.clock.pass(MINUTE - 1);
      const early = await desk.approved({}, { expiresInMs: MINUTE });
      desk.clock.pass(1);
      expect(await desk.claim(id)).toMatchObject({ outcome: 'over', state: 'expired' });
      expect((await desk.claim(early.id)).outcome).toBe('claimed');
      const waiting = await desk.planned({}, { expiresInMs: MINUTE });
      desk.clock.pass(HOUR);
      const swept = await desk.ledger.runs.expire(ann);
      expect(swept.map((run) => [run.id, run.state])).toEqual([[waiting.id, 'expired']]);
      expect(await desk.stateOf(early.id)).toBe('executing');
    },
  },
  {
    id: 'claim:fences',
    title: 'gives fences that only grow',
    async run(desk, expect) {
      const fences: number[] = [];
      for (let round = 0; round < 3; round += 1) fences.push((await desk.claimed()).fence);
      const taken = await desk.claimed({}, { by: runner('dead') });
      await desk.ledger.runners.leave('dead');
      const answer = await desk.ledger.runs.takeOver(taken.id, runner('r9'));
      expect(answer.outcome).toBe('taken');
      fences.push(taken.fence, 'fence' in answer ? answer.fence : 0);
      const sorted = fences.toSorted((a, b) => a - b);
      expect(fences).toEqual(sorted);
      expect(new Set(fences).size).toBe(fences.length);
    },
  },
  {
    id: 'claim:policy',
    title: 'gives nothing away under another policy than the one that decided',
    async run(desk, expect) {
      const { id } = await desk.approved();
      const terms = { runner: runner('r1'), decision: { ...allow, policyVersion: 'policy-2' } };
      const answer = await desk.ledger.runs.claim(id, terms);
      expect(answer).toEqual({ outcome: 'policy_changed', decided: POLICY, now: 'policy-2' });
      expect(await desk.stateOf(id)).toBe('approved');
    },
  },
  {
    id: 'locks:exclusive',
    title: 'never lets two runs have a resource, and says who has it since when',
    async run(desk, expect) {
      const first = await desk.claimed({ lock: ['lamp:1', 'lamp:2'] });
      desk.clock.pass(SECOND);
      const second = await desk.approved({ lock: ['lamp:2', 'lamp:3'] });
      const answer = await desk.claim(second.id, runner('r2'));
      const holder = { resource: 'lamp:2', mode: 'exclusive', runId: first.id, by: 'run' };
      const since = '2026-03-01T12:00:00.000Z';
      expect(answer).toEqual({ outcome: 'held', holders: [{ ...holder, requester: ann, since }] });
      const free = await desk.approved({ lock: ['lamp:3'] });
      expect((await desk.claim(free.id)).outcome, 'nothing was taken').toBe('claimed');
      await desk.ledger.runs.move(first.id, { fence: first.fence, to: 'failed' });
      const third = await desk.approved({ lock: ['lamp:1', 'lamp:2'] });
      expect((await desk.claim(third.id)).outcome).toBe('claimed');
    },
  },
  {
    id: 'locks:shared',
    title: 'lets many share, and one alone have',
    async run(desk, expect) {
      const a = await desk.claimed({ share: ['house'] });
      const b = await desk.claimed({ share: ['house'] });
      const alone = await desk.approved({ lock: ['house'] });
      const held = await desk.claim(alone.id);
      expect(held).toMatchObject({ outcome: 'held' });
      expect('holders' in held && held.holders.map(({ runId }) => runId)).toEqual([a.id, b.id]);
      for (const { id, fence } of [a, b]) await desk.ledger.runs.move(id, { fence, to: 'failed' });
      expect((await desk.claim(alone.id)).outcome).toBe('claimed');
      const late = await desk.approved({ share: ['house'] });
      expect((await desk.claim(late.id)).outcome).toBe('held');
    },
  },
  {
    id: 'locks:whole-kind',
    title: 'takes a bare kind for all of its kind',
    async run(desk, expect) {
      const one = await desk.claimed({ lock: ['lamp:1'] });
      const all = await desk.approved({ lock: ['lamp'] });
      expect((await desk.claim(all.id)).outcome).toBe('held');
      await desk.ledger.runs.move(one.id, { fence: one.fence, to: 'failed' });
      expect((await desk.claim(all.id)).outcome).toBe('claimed');
      const other = await desk.approved({ lock: ['lamp:2'] });
      expect((await desk.claim(other.id)).outcome).toBe('held');
      const different = await desk.approved({ lock: ['lampshade:2'] });
      expect((await desk.claim(different.id)).outcome).toBe('claimed');
    },
  },
  {
    id: 'locks:system',
    title: 'locks on the system, whatever the configuration calls it',
    async run(desk, expect) {
      await desk.claimed({ lock: ['lamp:1'], subject: 'prod', system: 'one' });
      const alias = await desk.approved({ lock: ['lamp:1'], subject: 'other', system: 'one' });
      expect((await desk.claim(alias.id)).outcome).toBe('held');
      const elsewhere = await desk.approved({ lock: ['lamp:1'], subject: 'prod', system: 'two' });
      expect((await desk.claim(elsewhere.id)).outcome).toBe('claimed');
    },
  },
  {
    id: 'locks:released-when-over',
    title: 'gives locks back with every end, and not before',
    async run(desk, expect) {
      for (const to of ['succeeded', 'ineffective', 'failed', 'unknown', 'cancelled'] as const) {
        const { id, fence } = await desk.ended('verifying', { lock: ['lamp:1'] });
        const next = await desk.approved({ lock: ['lamp:1'] });
        expect((await desk.claim(next.id)).outcome).toBe('held');
        await desk.ledger.runs.move(id, { fence, to });
        const own = fenceOf(await desk.claim(next.id));
        await desk.ledger.runs.move(next.id, { fence: own, to: 'failed' });
      }
    },
  },
  {
    id: 'locks:cancel-passes',
    title: 'lets a run that takes another back touch what that one holds',
    async run(desk, expect) {
      const { id } = await desk.claimed({ lock: ['lamp:1'] });
      const cancel = { purpose: { kind: 'cancel', of: id } } as const;
      const back = await desk.approved({ lock: ['lamp:1'] }, cancel);
      expect((await desk.claim(back.id)).outcome).toBe('claimed');
      const undo = await desk.approved({ lock: ['lamp:1'] }, { purpose: { kind: 'undo', of: id } });
      expect((await desk.claim(undo.id)).outcome).toBe('held');
    },
  },
  {
    id: 'limits:runs-at-once',
    title: 'counts runs under way on a system',
    async run(desk, expect) {
      const limits = { runsAtOnce: 2 };
      const ids = [await desk.approved(), await desk.approved(), await desk.approved()];
      const far = await desk.approved({ system: 'two' });
      const [a, b, c] = ids;
      const first = fenceOf(await desk.claim(a?.id ?? '', runner('r1'), limits));
      expect((await desk.claim(b?.id ?? '', runner('r1'), limits)).outcome).toBe('claimed');
      const reached = { limit: 'runsAtOnce', count: 2, most: 2, resource: null, until: null };
      const answer = await desk.claim(c?.id ?? '', runner('r1'), limits);
      expect(answer).toEqual({ outcome: 'limited', reached });
      expect((await desk.claim(far.id, runner('r1'), limits)).outcome).toBe('claimed');
      await desk.ledger.runs.move(a?.id ?? '', { fence: first, to: 'failed' });
      expect((await desk.claim(c?.id ?? '', runner('r1'), limits)).outcome).toBe('claimed');
    },
  },
  {
    id: 'limits:runs-per-hour',
    title: 'counts changes begun within an hour, and says until when',
    async run(desk, expect) {
      const limits = { runsPerHour: 2 };
      await desk.ended('succeeded');
      desk.clock.pass(10 * MINUTE);
      await desk.ended('succeeded');
      const third = await desk.approved({}, { expiresInMs: 3 * HOUR });
      const answer = await desk.claim(third.id, runner('r1'), limits);
      const until = '2026-03-01T13:00:00.000Z';
      expect(answer).toMatchObject({ outcome: 'limited', reached: { count: 2, most: 2, until } });
      const undo = await desk.approved({}, { purpose: { kind: 'undo', of: third.id } });
      expect((await desk.claim(undo.id, runner('r1'), limits)).outcome).toBe('claimed');
      desk.clock.pass(50 * MINUTE);
      expect((await desk.claim(third.id, runner('r1'), limits)).outcome).toBe('claimed');
    },
  },
  {
    id: 'limits:cooldown',
    title: 'lets a resource rest after a run that sent something, and not after one that did not',
    async run(desk, expect) {
      const limits = { cooldownMs: 5 * MINUTE };
      await desk.ended('succeeded', { lock: ['lamp:1'] });
      const unsent = await desk.claimed({ lock: ['lamp:2'] });
      await desk.ledger.runs.move(unsent.id, { fence: unsent.fence, to: 'failed' });
      desk.clock.pass(MINUTE);
      const soon = await desk.approved({ lock: ['lamp:1'] });
      const reached = { limit: 'cooldownMs', count: MINUTE, most: 5 * MINUTE, resource: 'lamp:1' };
      const until = '2026-03-01T12:05:00.000Z';
      expect(await desk.claim(soon.id, runner('r1'), limits)).toEqual({
        outcome: 'limited',
        reached: { ...reached, until },
      });
      const free = await desk.approved({ lock: ['lamp:2'] });
      expect((await desk.claim(free.id, runner('r1'), limits)).outcome).toBe('claimed');
      const shared = await desk.approved({ share: ['lamp:1'] });
      const sharing = await desk.claim(shared.id, runner('r1'), limits);
      await desk.ledger.runs.move(shared.id, { fence: fenceOf(sharing), to: 'failed' });
      desk.clock.pass(4 * MINUTE);
      expect((await desk.claim(soon.id, runner('r1'), limits)).outcome).toBe('claimed');
    },
  },
  {
    id: 'limits:cooldown-of-effects',
    title: 'lets only rest what a run changes, not what it keeps others away from',
    async run(desk, expect) {
      const limits = { cooldownMs: 5 * MINUTE };
      await desk.ended('succeeded', changing('lamp:1'));
      const other = await desk.approved(changing('lamp:2'));
      const claimed = await desk.claim(other.id, runner('r1'), limits);
      await desk.ledger.runs.move(other.id, { fence: fenceOf(claimed), to: 'failed' });
      const same = await desk.approved(changing('lamp:1'));
      expect(await desk.claim(same.id, runner('r1'), limits)).toMatchObject({
        outcome: 'limited',
        reached: { limit: 'cooldownMs', resource: 'lamp:1' },
      });
    },
  },
  {
    id: 'limits:failures',
    title: 'blocks after failures in a row, for a while, and a success ends the row',
    async run(desk, expect) {
      const limits = { failures: { count: 3, blockMs: HOUR } };
      await desk.ended('failed');
      await desk.ended('succeeded');
      await desk.ended('ineffective');
      await desk.ended('unknown');
      const next = await desk.approved({}, { expiresInMs: 3 * HOUR });
      const early = fenceOf(await desk.claim(next.id, runner('r1'), limits));
      await desk.ledger.runs.move(next.id, { fence: early, to: 'failed' });
      const blocked = await desk.approved({}, { expiresInMs: 3 * HOUR });
      const answer = await desk.claim(blocked.id, runner('r1'), limits);
      const until = '2026-03-01T13:00:00.000Z';
      expect(answer).toMatchObject({ outcome: 'limited', reached: { limit: 'failures', until } });
      desk.clock.pass(HOUR);
      expect((await desk.claim(blocked.id, runner('r1'), limits)).outcome).toBe('claimed');
    },
  },
  {
    id: 'limits:resources-at-once',
    title: 'counts resources that runs and standing effects disturb',
    async run(desk, expect) {
      const limits = { resourcesAtOnce: [{ kind: 'lamp', most: 2 }] };
      await desk.ended('succeeded', { lock: ['lamp:1'], lease: 'lamp:1' });
      await desk.claimed({ lock: ['lamp:2', 'door:1'] });
      const third = await desk.approved({ lock: ['lamp:3'] });
      const answer = await desk.claim(third.id, runner('r1'), limits);
      const reached = {
        limit: 'resourcesAtOnce',
        count: 3,
        most: 2,
        resource: 'lamp',
        until: null,
      };
      expect(answer).toEqual({ outcome: 'limited', reached });
      const same = await desk.approved({ lock: ['lamp:1'] });
      expect((await desk.claim(same.id, runner('r1'), limits)).outcome).toBe('claimed');
      const door = await desk.approved({ lock: ['door:2'] });
      expect((await desk.claim(door.id, runner('r1'), limits)).outcome).toBe('claimed');
    },
  },
  {
    id: 'claim:refusals-once',
    title: 'writes a refused claim down once, however often it is asked again',
    async run(desk, expect) {
      await desk.claimed({ lock: ['lamp:1'] });
      const { id } = await desk.approved({ lock: ['lamp:1'] });
      for (let round = 0; round < 5; round += 1) await desk.claim(id, runner('r2'));
      await desk.ledger.mode.stop({ by: ben, reason: 'fire' });
      for (let round = 0; round < 5; round += 1) await desk.claim(id, runner('r2'));
      const refused = (await desk.story(id)).filter((kind) => kind === 'claim_refused');
      expect(refused).toHaveLength(2);
    },
  },
  {
    id: 'claim:overtaken',
    title: 'gives nothing away for a check that a run on the same resources has overtaken',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const { id } = await desk.approved({ lock: ['lamp:1'] });
      const terms = { runner: runner('r1'), decision: allow };
      const checkedAfter = await runs.lastEntries();
      await desk.ended('succeeded', { lock: ['lamp:2'] });
      const cancelled = await desk.approved({ lock: ['lamp:1'] });
      await runs.cancel(cancelled.id, { by: ann, reason: 'not needed' });
      const other = await desk.ended('succeeded', { lock: ['lamp:1'] });
      const late = await runs.claim(id, { ...terms, checkedAfter });
      expect(late).toMatchObject({ outcome: 'overtaken', by: { id: other.id } });
      const again = await runs.claim(id, { ...terms, checkedAfter: await runs.lastEntries() });
      expect(again.outcome).toBe('claimed');
    },
  },
  {
    id: 'mode:claim',
    title: 'gives nothing away when it is stopped, observing, or guarded and not approved',
    async run(desk, expect) {
      const { mode, runs, approvals } = desk.ledger;
      const { id } = await desk.approved();
      await mode.set('observe', { by: ann, reason: 'holidays' });
      expect(await desk.claim(id)).toMatchObject({ outcome: 'stopped', because: 'observe_mode' });
      await mode.set('guarded', { by: ann, reason: 'careful' });
      expect(await desk.claim(id)).toMatchObject({ outcome: 'stopped', because: 'guarded_mode' });
      const asked = await desk.planned();
      await runs.decide(asked.id, needs(1), ann);
      const { digest } = asked;
      await approvals.approve({ runId: asked.id, digest, approver: ben, policyVersion: POLICY });
      expect((await desk.claim(asked.id)).outcome).toBe('claimed');
      await mode.set('autonomous', { by: ann, reason: 'back' });
      await mode.stop({ by: ben, reason: 'fire' });
      const stop = { by: ben, reason: 'fire', allowsCancels: false };
      expect(await desk.claim(id)).toMatchObject({
        outcome: 'stopped',
        because: 'kill_switch',
        stop,
      });
      await mode.resume({ by: ben, reason: 'out' });
      expect((await desk.claim(id)).outcome).toBe('claimed');
      expect((await runs.decide(id, allow, ann)).decided).toBe(false);
    },
  },
];
