import { digestPlan } from 'operator-core';
import type { Plan, Tolerance } from 'operator-core';
import { formatPlanDocument, parsePlanDocument } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

/** Lamps whose plugin binds the wiring of a lamp, at least 2 and within 2 of what was planned. */
async function openTolerant(): Promise<{ lamps: Lamps; plan: Plan }> {
  const lamps = await openLamps({ mischief: ['plan_tolerates'] });
  rewire(lamps, 3);
  const planned = await lamps.subject.plan('switch_lamp', { lamp_id: 1 });
  if (planned.kind !== 'plan') throw new Error(`It came to ${planned.kind}.`);
  return { lamps, plan: planned.plan };
}

function rewire(lamps: Lamps, wiring: number): void {
  lamps.house.lamps.set(1, { on: false, wiring });
}

/** The plan as a file with another tolerance, and with a digest that fits. */
function withTolerance(plan: Plan, tolerance: Tolerance): Plan {
  const { digest: _old, ...content } = structuredClone(plan);
  const bound = content.evidence.bound.map((fact) => ({ ...fact, tolerance }));
  const forged = { ...content, evidence: { ...content.evidence, bound } };
  return parsePlanDocument(formatPlanDocument({ ...forged, digest: digestPlan(forged) }));
}

describe('a bound fact with a tolerance', () => {
  it.each([2, 5])('lets the plan through at its limit %i, and the event names it', async (now) => {
    const { lamps, plan } = await openTolerant();
    await using _ = lamps;
    rewire(lamps, now);
    const { events, result } = await drain(lamps.subject.apply(plan));
    expect(result.state).toBe('succeeded');
    expect(events.find(({ kind }) => kind === 'rechecked')).toMatchObject({
      bound: [{ name: 'lamp:1 wiring', value: 3, tolerance: { atLeast: 2, within: 2 } }],
      moved: [{ fact: 'lamp:1 wiring', before: 3, now }],
    });
  });

  it('is not named when it has not moved', async () => {
    const { lamps, plan } = await openTolerant();
    await using _ = lamps;
    const { events } = await drain(lamps.subject.apply(plan));
    expect(events.find(({ kind }) => kind === 'rechecked')).toMatchObject({ moved: [] });
  });

  it('makes the plan stale outside of it, and nothing is sent', async () => {
    const { lamps, plan } = await openTolerant();
    await using _ = lamps;
    rewire(lamps, 6);
    expect(await failureOf(drain(lamps.subject.apply(plan)))).toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'lamp:1 wiring', before: 3, now: 6 }] },
    });
    expect(lamps.house.changes).toEqual([]);
  });

  it('is a part of the digest, and a wider one in a file makes the plan stale', async () => {
    const { lamps, plan } = await openTolerant();
    await using _ = lamps;
    const wider = withTolerance(plan, { atLeast: 0 });
    expect(wider.digest).not.toBe(plan.digest);
    expect(await failureOf(drain(lamps.subject.apply(wider)))).toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'tolerance of lamp:1 wiring', before: { atLeast: 0 } }] },
    });
    expect(lamps.house.changes).toEqual([]);
  });
});
