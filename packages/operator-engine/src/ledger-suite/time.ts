import type { LedgerCheck } from './ledger-check.ts';
import { failureOf } from './failure-of.ts';
import { ann, planOf, runner } from './plans.ts';
import { HOUR, MINUTE, SECOND, TestClock } from './test-clock.ts';

export const timeChecks: readonly LedgerCheck[] = [
  {
    id: 'time:back:expiry',
    title: 'lets nothing be begun, and holds leases, once their time is over by one clock only',
    async run(desk, expect) {
      const { leases, runs } = desk.ledger;
      const run = await desk.approved({}, { expiresInMs: 10 * MINUTE });
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 10 * MINUTE });
      desk.clock.jump(-HOUR);
      const young = await desk.approved({}, { expiresInMs: 10 * MINUTE });
      desk.clock.pass(9 * MINUTE);
      expect(await leases.due()).toEqual([]);
      expect((await runs.get(young.id)).createdAt).toBe('2026-03-01T12:00:00.000Z');
      desk.clock.pass(MINUTE);
      expect(await leases.due()).toEqual([]);
      expect((await leases.held()).map(({ runId }) => runId)).toEqual([id]);
      const doubt = await failureOf(desk.claim(run.id));
      expect(doubt.code).toBe('CLOCK_IN_DOUBT');
      expect(doubt.next).toContainEqual({ operation: 'accept_time', reason: null });
      desk.clock.pass(HOUR);
      expect((await leases.due()).map(({ runId }) => runId)).toEqual([id]);
      expect(await desk.claim(run.id)).toMatchObject({ outcome: 'over', state: 'expired' });
    },
  },
  {
    id: 'time:back:other-process',
    title: 'goes on by the monotonic clock in a process that starts after the jump',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 10 * MINUTE });
      await desk.ledger.close();
      desk.clock.jump(-HOUR);
      desk.clock.pass(10 * MINUTE);
      const other = await desk.another();
      expect((await other.leases.held()).map(({ runId }) => runId)).toEqual([id]);
      const clock = await other.maintenance.clock();
      expect(clock).toMatchObject({ aheadMs: -HOUR, isHeld: true, unconfirmedMs: 0 });
      await other.maintenance.acceptTime({ by: ann, reason: 'it was an hour ahead' });
      expect(await other.leases.held()).toEqual([]);
      desk.clock.pass(HOUR);
      expect((await other.leases.due()).map(({ runId }) => runId)).toEqual([id]);
    },
  },
  {
    id: 'time:back:order',
    title: 'orders by number, not by time',
    async run(desk, expect) {
      const { audit, runs } = desk.ledger;
      const first = await desk.planned();
      desk.clock.jump(-HOUR);
      const second = await desk.planned();
      desk.clock.jump(3 * HOUR);
      const third = await desk.planned();
      const ids = (await runs.list()).map(({ id }) => id);
      expect(ids).toEqual([third.id, second.id, first.id]);
      const times = (await audit.list()).map(({ at }) => at);
      expect(times).toEqual(times.toSorted());
      expect((await audit.verify()).isIntact).toBe(true);
    },
  },
  {
    id: 'time:ahead:lease',
    title: 'ends no lease, and moves no time, because a command ran with a clock 3 h ahead',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 2 * HOUR });
      desk.clock.pass(MINUTE);
      desk.clock.jump(3 * HOUR);
      const other = await desk.another();
      expect(await other.leases.due()).toEqual([]);
      await other.runners.beat(runner('r7'));
      const ahead = await other.maintenance.clock();
      expect(ahead).toMatchObject({ at: '2026-03-01T12:01:00.000Z', aheadMs: 3 * HOUR });
      expect(ahead.isHeld).toBe(true);
      desk.clock.jump(-3 * HOUR);
      const right = { at: '2026-03-01T12:01:00.000Z', aheadMs: 0, isHeld: false, unconfirmedMs: 0 };
      expect(await desk.ledger.maintenance.clock()).toMatchObject(right);
      desk.clock.pass(2 * HOUR - MINUTE);
      expect((await desk.ledger.leases.due()).map(({ runId }) => runId)).toEqual([id]);
    },
  },
  {
    id: 'time:ahead:small-steps',
    title: 'lets many small steps of the clock not add up',
    async run(desk, expect) {
      for (let step = 0; step < 200; step += 1) {
        desk.clock.pass(SECOND);
        desk.clock.jump(50 * SECOND);
        await desk.ledger.runners.beat(runner('r7'));
      }
      const { at } = await desk.ledger.maintenance.clock();
      expect(Date.parse(at) - Date.parse('2026-03-01T12:00:00Z')).toBeLessThan(5 * MINUTE);
    },
  },
  {
    id: 'time:ahead:prune',
    title:
      'prunes nothing of today because the clock is 400 days ahead, in this boot or after the next',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded');
      const tomorrow = '2027-01-01T00:00:00Z';
      desk.clock.jump(400 * 24 * HOUR);
      const now = await failureOf(desk.ledger.maintenance.prune(tomorrow, ann));
      expect(now.code).toBe('PARAMETERS_INVALID');
      desk.clock.restart(MINUTE);
      const other = await desk.another();
      const later = await failureOf(other.maintenance.prune(tomorrow, ann));
      expect(later.code).toBe('PARAMETERS_INVALID');
      expect(later.next).toContainEqual({ operation: 'accept_time', reason: null });
      expect((await other.runs.get(id)).state).toBe('succeeded');
    },
  },
  {
    id: 'time:restart:held',
    title: 'holds leases after a restart whose length is not proven, until the owner confirms it',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 2 * HOUR });
      desk.clock.restart(3 * HOUR);
      const other = await desk.another();
      await other.runners.beat(runner('r7'));
      expect(await other.leases.due()).toEqual([]);
      expect((await other.leases.held()).map(({ runId }) => runId)).toEqual([id]);
      const young = await desk.ended('succeeded', { lease: 'lamp:2' }, { leaseMs: HOUR });
      desk.clock.pass(HOUR);
      expect((await other.leases.due()).map(({ runId }) => runId)).toEqual([young.id]);
      expect((await other.maintenance.clock()).unconfirmedMs).toBe(3 * HOUR);
      const jumps = await other.audit.list({ kinds: ['time_jumped'] });
      expect(jumps.map(({ details }) => details['jumpMs'])).toEqual([3 * HOUR]);
      await other.maintenance.acceptTime({ by: ann, reason: 'it was off' });
      expect(await other.leases.held()).toEqual([]);
      expect((await other.leases.due()).map(({ runId }) => runId)).toContain(id);
    },
  },
  {
    id: 'time:restart:asked',
    title: 'continues an end that was asked for, also of a lease that is held',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 2 * HOUR });
      desk.clock.restart(3 * HOUR);
      const other = await desk.another();
      const reason = 'done with it';
      const begun = await other.leases.beginEnd(id, { runner: runner('w1'), reason });
      expect(begun).toMatchObject({ outcome: 'begun', lease: { state: 'ending' } });
      desk.clock.restart(3 * HOUR);
      const third = await desk.another();
      expect((await third.leases.due()).map(({ runId }) => runId)).toEqual([id]);
      expect(await third.leases.held()).toEqual([]);
      const taken = await third.leases.beginEnd(id, { runner: runner('w2'), reason });
      expect(taken).toMatchObject({ outcome: 'begun', lease: { endingBy: 'w2' } });
    },
  },
  {
    id: 'time:restart:short',
    title: 'ends leases after a restart that took minutes',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 10 * MINUTE });
      desk.clock.restart(20 * MINUTE);
      const other = await desk.another();
      expect((await other.leases.due()).map(({ runId }) => runId)).toEqual([id]);
    },
  },
  {
    id: 'time:accept:back',
    title:
      'goes back to the machine’s clock when the owner says so, and filters by time still work',
    async run(desk, expect) {
      const { audit, maintenance } = desk.ledger;
      desk.clock.restart(400 * 24 * HOUR);
      const other = await desk.another();
      await other.runs.create({ plan: planOf(), requester: ann, expiresInMs: HOUR });
      desk.clock.jump(-400 * 24 * HOUR);
      desk.clock.pass(MINUTE);
      expect((await maintenance.clock()).aheadMs).toBe(-400 * 24 * HOUR);
      const set = await maintenance.acceptTime({ by: ann, reason: 'the clock was wrong' });
      expect(set).toMatchObject({ at: '2026-03-01T12:01:00.000Z', aheadMs: 0, unconfirmedMs: 0 });
      const run = await desk.planned();
      expect(run.createdAt).toBe('2026-03-01T12:01:00.000Z');
      expect((await other.maintenance.clock()).at).toBe('2026-03-01T12:01:00.000Z');
      const since = await audit.list({ since: '2026-03-01T12:01:00.000Z', runId: run.id });
      expect(since.map(({ kind }) => kind)).toEqual(['run_created']);
      expect(await audit.list({ since: '2026-03-01T12:02:00.000Z' })).toEqual([]);
      expect((await audit.verify()).isIntact).toBe(true);
    },
  },
  {
    id: 'time:jump:owners',
    title: 'takes no living owner for dead because a clock jumps, either way',
    async run(desk, expect) {
      const { runs, limits } = desk.ledger;
      const { id } = await desk.claimed();
      for (const jump of [HOUR, -3 * HOUR, 5 * HOUR]) {
        desk.clock.jump(jump);
        expect(await runs.abandoned()).toEqual([]);
        expect((await runs.takeOver(id, runner('r2'))).outcome).toBe('owned');
      }
      desk.clock.jump(-HOUR);
      desk.clock.pass(limits.ownerTtlMs);
      expect((await runs.abandoned()).map((run) => run.id)).toEqual([id]);
    },
  },
  {
    id: 'time:restart:owners',
    title: 'knows that every owner has died with the machine',
    async run(desk, expect) {
      const { id } = await desk.claimed();
      desk.clock.restart(SECOND);
      const other = await desk.another();
      expect((await other.runs.abandoned()).map((run) => run.id)).toEqual([id]);
    },
  },
  {
    id: 'time:no-boot',
    title: 'goes by the ledger’s time where the machine cannot be told',
    async run(desk, expect) {
      const clock = new TestClock();
      clock.boot = null;
      const other = await desk.another(clock);
      await other.runners.beat(runner('r5'));
      clock.pass(other.limits.ownerTtlMs - 1);
      const isAlive = async () => (await other.runners.list()).map((status) => status.isAlive);
      expect(await isAlive()).toEqual([true]);
      clock.jump(-HOUR);
      expect(await isAlive()).toEqual([true]);
      clock.pass(1);
      expect(await isAlive()).toEqual([]);
    },
  },
  {
    id: 'time:restart:add-up',
    title: 'ends no lease early because a user makes the machine look restarted again and again',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 3 * HOUR });
      for (let round = 1; round <= 4; round += 1) {
        const fake = new TestClock();
        fake.jump(round * 58 * MINUTE);
        fake.boot = `fake-${round}`;
        const deceived = await desk.another(fake);
        await deceived.runners.beat(runner('r8'));
        await desk.ledger.runners.beat(runner('r7'));
      }
      expect(await desk.ledger.leases.due()).toEqual([]);
      expect((await desk.ledger.leases.held()).map(({ runId }) => runId)).toEqual([id]);
      const jumps = await desk.ledger.audit.list({ kinds: ['time_jumped'] });
      expect(jumps).toHaveLength(4);
      expect((await desk.ledger.maintenance.clock()).unconfirmedMs).toBe(4 * 58 * MINUTE);
    },
  },
  {
    id: 'time:foreign',
    title: 'takes no time from a process in a time namespace, whose clock is ahead',
    async run(desk, expect) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 30 * MINUTE });
      const shifted = new TestClock();
      shifted.boot = 'boot-1 time:[4026539999]';
      shifted.isForeign = true;
      shifted.jump(40 * MINUTE);
      const inside = await desk.another(shifted);
      await inside.runners.beat(runner('r8'));
      const before = { at: '2026-03-01T12:00:00.000Z', aheadMs: 0, unconfirmedMs: 0 };
      expect(await desk.ledger.maintenance.clock()).toMatchObject(before);
      expect(await inside.leases.due()).toEqual([]);
      const set = inside.maintenance.acceptTime({ by: ann, reason: 'mine is right' });
      expect((await failureOf(set)).code).toBe('CLOCK_IN_DOUBT');
      desk.clock.pass(30 * MINUTE);
      expect((await desk.ledger.leases.due()).map(({ runId }) => runId)).toEqual([id]);
    },
  },
  {
    id: 'time:ahead:nothing-new',
    title: 'takes no consent, and begins no run, that is over at once by the machine’s clock',
    async run(desk, expect) {
      const run = await desk.approved({}, { expiresInMs: 15 * MINUTE });
      desk.clock.jump(3 * HOUR);
      expect((await failureOf(desk.claim(run.id))).code).toBe('CLOCK_IN_DOUBT');
      expect(await desk.stateOf(run.id)).toBe('approved');
      desk.clock.jump(-3 * HOUR);
      expect((await desk.claim(run.id)).outcome).toBe('claimed');
    },
  },
];
