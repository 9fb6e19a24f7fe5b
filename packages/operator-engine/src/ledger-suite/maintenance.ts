import type { LedgerCheck } from './ledger-check.ts';
import { ann, ben, runner } from './plans.ts';
import { failureOf } from './failure-of.ts';
import { HOUR } from './test-clock.ts';

const NOON = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-01T12:30:00.000Z';

export const maintenanceChecks: readonly LedgerCheck[] = [
  {
    id: 'ledger:close',
    title: 'may be closed twice, and does nothing afterwards',
    async run({ ledger }, expect) {
      await ledger.close();
      await ledger.close();
      expect((await failureOf(ledger.runs.list())).code).toBe('LEDGER_CLOSED');
      expect((await failureOf(ledger.runners.beat(runner('r1')))).code).toBe('LEDGER_CLOSED');
    },
  },
  {
    id: 'ledger:check',
    title: 'finds a whole ledger sound',
    async run(desk, expect) {
      await desk.ended('succeeded', { lease: 'lamp:1' });
      const report = await desk.ledger.maintenance.check();
      expect(report).toMatchObject({ isSound: true, problems: [], runs: 1, clock: { aheadMs: 0 } });
      expect(report.bytes).toBeGreaterThan(0);
    },
  },
  {
    id: 'prune:old-runs',
    title: 'takes old runs and the beginning of the audit away, and still verifies',
    async run(desk, expect) {
      const { audit, maintenance, runs } = desk.ledger;
      const before = await audit.anchor();
      for (let round = 0; round < 3; round += 1) await desk.ended('succeeded');
      const old = await audit.anchor();
      desk.clock.pass(25 * HOUR);
      const young = await desk.ended('succeeded');
      const { last } = await audit.verify();
      expect(await maintenance.prune(NOON, ben)).toEqual({ runs: 0, entries: 0, through: 0 });
      const pruned = await maintenance.prune(LATER, ben);
      expect(pruned).toMatchObject({ runs: 3, entries: pruned.through });
      expect((await runs.list()).map(({ id }) => id)).toEqual([young.id]);
      const verified = await audit.verify({ anchors: [before, old, await audit.anchor()] });
      expect(verified).toMatchObject({ isIntact: true, first: pruned.through + 1, last: last + 1 });
      const { given, compared, skipped } = verified.anchors;
      expect([given, compared]).toEqual([3, 3 - skipped.length]);
      expect(skipped[0]).toMatchObject({ because: 'pruned' });
      const [signed] = await audit.latest();
      expect(signed).toMatchObject({ kind: 'ledger_pruned', actor: ben });
      expect(signed?.details).toMatchObject({ through: pruned.through, runs: 3 });
      expect(await desk.story(young.id)).toHaveLength(7);
    },
  },
  {
    id: 'prune:again',
    title: 'prunes again and again, and goes on numbering where it was',
    async run(desk, expect) {
      const { audit, maintenance } = desk.ledger;
      let through = 0;
      for (let day = 0; day < 3; day += 1) {
        await desk.ended('succeeded');
        desk.clock.pass(25 * HOUR);
        const before = new Date(desk.clock.now() - 24 * HOUR).toISOString();
        const pruned = await maintenance.prune(before, ann);
        expect(pruned.through).toBeGreaterThan(through);
        ({ through } = pruned);
        expect(await audit.verify()).toMatchObject({ isIntact: true, first: through + 1 });
      }
      expect((await maintenance.check()).isSound).toBe(true);
    },
  },
  {
    id: 'prune:keeps',
    title: 'keeps what is not over, and what is still in force, with all that the audit says of it',
    async run(desk, expect) {
      const { leases, maintenance, runs } = desk.ledger;
      await desk.ended('succeeded');
      const drained = await desk.ended('succeeded', { lease: 'lamp:1' });
      const running = await desk.claimed();
      await desk.ended('failed');
      desk.clock.pass(25 * HOUR);
      const pruned = await maintenance.prune(LATER, ben);
      expect(pruned.runs).toBe(2);
      const left = (await runs.list()).map(({ id }) => id);
      expect(left).toEqual([running.id, drained.id]);
      expect(await desk.story(drained.id)).toHaveLength(9);
      await leases.close(drained.id, { state: 'ended', by: ben, reason: 'done' });
      expect((await maintenance.prune(LATER, ben)).runs).toBe(1);
      expect((await maintenance.check()).isSound).toBe(true);
    },
  },
  {
    id: 'prune:systems',
    title:
      'shortens the chain of each system up to the first entry that stays there, and signs every beginning',
    async run(desk, expect) {
      const { audit, maintenance } = desk.ledger;
      const running = await desk.claimed({ system: 'two' });
      for (let round = 0; round < 2; round += 1) await desk.ended('succeeded');
      const old = await audit.anchor();
      desk.clock.pass(25 * HOUR);
      await desk.ended('succeeded');
      const pruned = await maintenance.prune(LATER, ben);
      expect(pruned.runs).toBe(2);
      const verified = await audit.verify({ anchors: [old, await audit.anchor()] });
      expect(verified).toMatchObject({ isIntact: true, anchors: { given: 2, compared: 1 } });
      const starts = Object.fromEntries(verified.chains.map(({ chain, first }) => [chain, first]));
      expect(starts['lamp-house:one']).toBe(15);
      expect(starts['lamp-house:two'], 'its run goes on').toBe(1);
      const [signed] = await audit.latest({ kinds: ['ledger_pruned'] });
      expect(signed?.details['chains']).toMatchObject({
        'lamp-house:one': { place: 14 },
        'lamp-house:two': { place: 0 },
      });
      expect(await desk.story(running.id)).toHaveLength(3);
      await desk.ended('succeeded', { system: 'three' });
      expect((await maintenance.check()).problems).toEqual([]);
    },
  },
  {
    id: 'prune:nothing',
    title: 'writes nothing when there is nothing to take away',
    async run(desk, expect) {
      await desk.planned();
      const { last } = await desk.ledger.audit.verify();
      desk.clock.pass(25 * HOUR);
      await desk.ledger.maintenance.prune(NOON, ann);
      const error = await failureOf(desk.ledger.maintenance.prune('yesterday', ann));
      expect(error.code).toBe('PARAMETERS_INVALID');
      expect((await desk.ledger.audit.verify()).last).toBe(last);
    },
  },
  {
    id: 'prune:not-young',
    title: 'never takes what limits and used plans rest on',
    async run(desk, expect) {
      await desk.ended('succeeded');
      desk.clock.pass(HOUR);
      for (const before of [LATER, '2030-01-01T00:00:00Z']) {
        const error = await failureOf(desk.ledger.maintenance.prune(before, ann));
        expect(error).toMatchObject({ code: 'PARAMETERS_INVALID', kind: 'usage' });
      }
      expect(await desk.ledger.runs.list()).toHaveLength(1);
    },
  },
];
