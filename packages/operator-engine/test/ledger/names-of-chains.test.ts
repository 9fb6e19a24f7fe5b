import { describe, expect, it } from 'vitest';
import { allow, ann, planOf } from '../../src/ledger-suite/plans.ts';
import { HOUR, TestClock } from '../../src/ledger-suite/test-clock.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { temporaryLedger } from './temporary.ts';

const NAMES = [
  ['vault-secret', 'prod'],
  ['vault', 'prod-token'],
  ['house', 'http://user:word@host'],
  ['house', '12:34'],
  ['house', 'a b=c%d'],
  ['house', '\u001B[31m'],
  ['kind:x', '%3A'],
] as const;

describe('the audit of a system', () => {
  it.each(NAMES)(
    'of the kind %j with the id %j is intact, also by an anchor and after a prune',
    async (kind, id) => {
      const clock = new TestClock();
      const ledger = await openLedger({ path: temporaryLedger(), clock });
      const plan = planOf({ system: id });
      const subject = { ...plan.subject, system: { kind, id } };
      const asked = { requester: ann, expiresInMs: HOUR, decision: allow };
      for (const count of [1, 2]) {
        const { run } = await ledger.runs.create({
          ...asked,
          plan: { ...planOf({ system: id }), subject },
        });
        await ledger.runs.cancel(run.id, { by: ann, reason: `the test ${count}` });
      }
      const anchor = await ledger.audit.anchor();
      expect(await ledger.audit.verify({ anchors: [anchor] })).toMatchObject({
        fault: null,
        anchors: { compared: 1 },
      });
      expect(anchor).not.toContain('\u001B');
      clock.pass(72 * HOUR);
      expect((await ledger.maintenance.prune('2026-03-03T00:00:00Z', ann)).runs).toBe(2);
      expect(await ledger.audit.verify()).toMatchObject({ fault: null });
      await ledger.close();
    },
  );
});
