import type { Desk, LedgerCheck } from './ledger-check.ts';
import { ann, ben, runner } from './plans.ts';
import { failureOf } from './failure-of.ts';
import { HOUR, MINUTE } from './test-clock.ts';

const lamp = { lock: ['lamp:1'], lease: 'lamp:1' };
const forHalfAnHour = { leaseMs: 30 * MINUTE };

async function active(desk: Desk): Promise<string> {
  return (await desk.ended('succeeded', lamp, forHalfAnHour)).id;
}

export const leaseChecks: readonly LedgerCheck[] = [
  {
    id: 'leases:before-effect',
    title: 'writes a lease in the claim, before anything is sent',
    async run(desk, expect) {
      const { leases, runs } = desk.ledger;
      const waiting = await desk.approved(lamp, forHalfAnHour);
      expect((await failureOf(leases.get(waiting.id))).code).toBe('LEASE_NOT_FOUND');
      desk.clock.pass(MINUTE);
      await desk.claim(waiting.id);
      const lease = await leases.get(waiting.id);
      expect(lease).toMatchObject({
        state: 'planned',
        effect: 'dark',
        resource: 'lamp:1',
        owner: ann,
        subject: 'prod',
        createdAt: '2026-03-01T12:01:00.000Z',
        endsAt: '2026-03-01T12:31:00.000Z',
        endedAt: null,
      });
      expect((await runs.get(waiting.id)).lease).toEqual(lease);
    },
  },
  {
    id: 'leases:follow-the-journal',
    title: 'keeps a lease for as long as the effect may be in force, and no longer',
    async run(desk, expect) {
      const { leases, runs } = desk.ledger;
      const cases = [
        [{ outcome: 'accepted', status: 200, answer: '' }, 'active', 'active'],
        [{ outcome: 'unknown', reason: 'cut' }, 'active', 'active'],
        [{ outcome: 'refused', status: 400, answer: 'no' }, 'planned', 'ended'],
        [{ outcome: 'not_sent', reason: 'no connection' }, 'planned', 'ended'],
        [null, 'planned', 'active'],
      ] as const;
      for (const [at, [result, then, end]] of cases.entries()) {
        const place = { lock: [`lamp:${at}`], lease: `lamp:${at}` };
        const { id, fence } = await desk.claimed(place, { request: forHalfAnHour });
        await runs.intend(id, { fence, index: 0 });
        if (result !== null) await runs.recordResult(id, { fence, index: 0 }, result);
        expect((await leases.get(id)).state).toBe(then);
        await runs.move(id, { fence, to: 'failed' });
        expect((await leases.get(id)).state).toBe(end);
      }
      const unsent = await desk.claimed({ lease: 'lamp:9' }, { request: forHalfAnHour });
      await runs.move(unsent.id, { fence: unsent.fence, to: 'cancelled' });
      expect(await leases.get(unsent.id)).toMatchObject({ state: 'ended' });
    },
  },
  {
    id: 'leases:one',
    title: 'refuses a standing effect that stands already',
    async run(desk, expect) {
      const id = await active(desk);
      const second = await desk.approved(lamp, forHalfAnHour);
      const answer = await desk.claim(second.id);
      const holder = { resource: 'lamp:1', runId: id, by: 'lease', requester: ann };
      expect(answer).toMatchObject({ outcome: 'held', holders: [holder] });
      const elsewhere = await desk.approved({ ...lamp, system: 'two' }, forHalfAnHour);
      expect((await desk.claim(elsewhere.id)).outcome).toBe('claimed');
      await desk.ledger.leases.close(id, { state: 'lost', by: ben, reason: 'removed by hand' });
      expect((await desk.claim(second.id)).outcome).toBe('claimed');
    },
  },
  {
    id: 'leases:due',
    title: 'says which leases are due, and extends them from now',
    async run(desk, expect) {
      const { leases } = desk.ledger;
      const id = await active(desk);
      const { id: endless } = await desk.ended('succeeded', { lease: 'lamp:2' });
      expect((await leases.get(endless)).endsAt).toBeNull();
      desk.clock.pass(30 * MINUTE - 1);
      expect(await leases.due()).toEqual([]);
      desk.clock.pass(1);
      expect((await leases.due()).map(({ runId }) => runId)).toEqual([id]);
      const more = await leases.extend(id, { forMs: HOUR, by: ben, reason: 'not ready' });
      expect(more.endsAt).toBe('2026-03-01T13:30:00.000Z');
      expect(await leases.due()).toEqual([]);
      const open = await leases.extend(id, { forMs: null, by: ben, reason: 'who knows' });
      expect(open.endsAt).toBeNull();
      desk.clock.pass(24 * HOUR);
      expect(await leases.due()).toEqual([]);
      expect((await leases.list()).map(({ runId }) => runId)).toEqual([endless, id]);
      expect(await leases.list({ states: ['ended'] })).toEqual([]);
      expect(await leases.list({ subject: 'nowhere' })).toEqual([]);
    },
  },
  {
    id: 'leases:crashed-run',
    title: 'makes the lease of a run due that no runner has brought to an end',
    async run(desk, expect) {
      const { id } = await desk.claimed(lamp, { request: forHalfAnHour });
      desk.clock.pass(HOUR);
      expect((await desk.ledger.leases.due()).map(({ runId }) => runId)).toEqual([id]);
    },
  },
  {
    id: 'leases:end:one-runner',
    title: 'lets one runner remove an effect, and another when that one died',
    async run(desk, expect) {
      const { leases, limits } = desk.ledger;
      const other = await desk.another();
      const id = await active(desk);
      const reason = 'its time is over';
      const [a, b] = await Promise.all([
        leases.beginEnd(id, { runner: runner('w1'), reason }),
        other.leases.beginEnd(id, { runner: runner('w2'), reason }),
      ]);
      expect([a.outcome, b.outcome].toSorted()).toEqual(['begun', 'owned']);
      const winner = a.outcome === 'begun' ? 'w1' : 'w2';
      const loser = a.outcome === 'begun' ? 'w2' : 'w1';
      const again = await leases.beginEnd(id, { runner: runner(winner), reason });
      expect(again).toMatchObject({ outcome: 'begun', lease: { endingBy: winner } });
      const late = await failureOf(leases.extend(id, { forMs: HOUR, by: ann, reason: 'late' }));
      expect(late.code).toBe('LEASE_STATE_CONFLICT');
      desk.clock.pass(limits.ownerTtlMs);
      const taken = await leases.beginEnd(id, { runner: runner(loser), reason });
      expect(taken).toMatchObject({
        outcome: 'begun',
        lease: { endingBy: loser, state: 'ending' },
      });
    },
  },
  {
    id: 'leases:end:by-run',
    title: 'ends a lease with the run that removed the effect, and not with one that did not',
    async run(desk, expect) {
      const { leases } = desk.ledger;
      for (const kind of ['lease_end', 'undo'] as const) {
        const id = await active(desk);
        const purpose = { kind, of: id } as const;
        await leases.beginEnd(id, { runner: runner('r1'), reason: 'its time is over' });
        await desk.ended('failed', { lock: ['lamp:1'] }, { purpose });
        expect((await leases.get(id)).state).toBe('ending');
        await desk.ended('succeeded', { lock: ['lamp:1'] }, { purpose });
        expect(await leases.get(id)).toMatchObject({ state: 'ended', endedAt: expect.any(String) });
        expect(await desk.stateOf(id)).toBe(kind === 'undo' ? 'undone' : 'succeeded');
        const closed = await leases.beginEnd(id, { runner: runner('r1'), reason: 'again' });
        expect(closed.outcome).toBe('closed');
      }
    },
  },
  {
    id: 'leases:stopped',
    title: 'removes nothing while it is stopped',
    async run(desk, expect) {
      const { leases, mode } = desk.ledger;
      const id = await active(desk);
      desk.clock.pass(HOUR);
      const change = { runner: runner('w1'), reason: 'its time is over' };
      await mode.stop({ by: ben, reason: 'fire' });
      const answer = await leases.beginEnd(id, change);
      expect(answer).toMatchObject({ outcome: 'stopped', stop: { reason: 'fire' } });
      await mode.resume({ by: ben, reason: 'out' });
      await mode.set('observe', { by: ben, reason: 'look' });
      expect(await leases.beginEnd(id, change)).toMatchObject({ outcome: 'stopped', stop: null });
      expect((await leases.due()).map(({ state }) => state)).toEqual(['active']);
    },
  },
  {
    id: 'leases:close',
    title: 'closes a lease once, and says what became of it',
    async run(desk, expect) {
      const { leases } = desk.ledger;
      const id = await active(desk);
      const change = {
        state: 'lost',
        by: ben,
        reason: 'removed by hand',
        details: { at: 'noon' },
      } as const;
      const lost = await leases.close(id, change);
      expect(lost).toMatchObject({ state: 'lost', reason: 'removed by hand' });
      expect((await failureOf(leases.close(id, change))).code).toBe('LEASE_STATE_CONFLICT');
      expect(await leases.due()).toEqual([]);
    },
  },
];
