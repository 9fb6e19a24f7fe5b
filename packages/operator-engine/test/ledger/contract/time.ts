import { expect } from 'vitest';
import type { LedgerCheck } from '../ledger-check.ts';
import { runner } from '../plans.ts';
import { HOUR, MINUTE, SECOND, TestClock } from '../test-clock.ts';

export const timeChecks: readonly LedgerCheck[] = [
  {
    id: 'time:back:expiry',
    title: 'lets things expire and end in time when the clock jumps back an hour',
    async run(desk) {
      const { leases, runs } = desk.ledger;
      const run = await desk.approved({}, { expiresInMs: 10 * MINUTE });
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 10 * MINUTE });
      desk.clock.jump(-HOUR);
      const young = await desk.approved({}, { expiresInMs: 10 * MINUTE });
      desk.clock.pass(9 * MINUTE);
      expect(await leases.due()).toEqual([]);
      expect((await runs.get(young.id)).createdAt).toBe('2026-03-01T12:00:00.000Z');
      desk.clock.pass(MINUTE);
      expect((await leases.due()).map(({ runId }) => runId)).toEqual([id]);
      expect(await desk.claim(run.id)).toMatchObject({ outcome: 'over', state: 'expired' });
    },
  },
  {
    id: 'time:back:other-process',
    title: 'goes on by the monotonic clock in a process that starts after the jump',
    async run(desk) {
      const { id } = await desk.ended('succeeded', { lease: 'lamp:1' }, { leaseMs: 10 * MINUTE });
      await desk.ledger.close();
      desk.clock.jump(-HOUR);
      desk.clock.pass(10 * MINUTE);
      const other = await desk.another();
      expect((await other.leases.due()).map(({ runId }) => runId)).toEqual([id]);
      const { clockBehindMs } = await other.maintenance.check();
      expect(clockBehindMs).toBe(HOUR);
    },
  },
  {
    id: 'time:back:order',
    title: 'orders by number, not by time',
    async run(desk) {
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
    id: 'time:jump:owners',
    title: 'takes no living owner for dead because a clock jumps, either way',
    async run(desk) {
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
    async run(desk) {
      const { id } = await desk.claimed();
      desk.clock.restart(SECOND);
      const other = await desk.another();
      expect((await other.runs.abandoned()).map((run) => run.id)).toEqual([id]);
    },
  },
  {
    id: 'time:no-boot',
    title: 'goes by the ledger’s time where the machine cannot be told',
    async run(desk) {
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
];
