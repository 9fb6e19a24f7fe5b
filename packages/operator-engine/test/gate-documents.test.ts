import { canonicalJson, digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import { diffPlans, formatPlanDocument, parsePlanDocument } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

function resign(changed: Plan): Plan {
  const { digest: _old, ...content } = changed;
  return { ...changed, digest: digestPlan(content) };
}

describe('a plan as a document', () => {
  it('is one text, which another process on another configuration applies as it is', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const text = formatPlanDocument(plan);
    expect(text).toBe(`${canonicalJson(JSON.parse(text))}\n`);
    const read = parsePlanDocument(text);
    expect(read).toEqual(plan);
    const other = await lamps.open(BOB);
    expect((await drain(other.subject.apply(read))).result.state).toBe('succeeded');
  });

  it('is refused when any one byte of it was changed', async () => {
    await using lamps = await openLamps();
    const text = formatPlanDocument(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 }));
    for (let index = 0; index < text.length - 1; index += 1) {
      const other = text[index] === 'x' ? 'y' : 'x';
      const changed = text.slice(0, index) + other + text.slice(index + 1);
      const error = await failureOf(() => parsePlanDocument(changed));
      expect(['PLAN_INVALID', 'PLAN_DIGEST_MISMATCH']).toContain(error.code);
    }
  });

  it('is refused when it was written again with the same content', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(() => parsePlanDocument(JSON.stringify(plan, null, 2)));
    expect(error).toMatchObject({ code: 'PLAN_INVALID', kind: 'usage' });
    expect(error.message).toContain('not canonical');
  });

  it('is refused when it has expired, also with an edited expiry', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const old = { ...plan, expiresAt: plan.createdAt };
    const document = parsePlanDocument(formatPlanDocument(resign(old)));
    const error = await failureOf(lamps.subject.submit(document));
    expect(error).toMatchObject({ code: 'PLAN_EXPIRED', kind: 'stale' });
    const forged = await failureOf(() => parsePlanDocument(formatPlanDocument(old)));
    expect(forged.code).toBe('PLAN_DIGEST_MISMATCH');
  });

  it.each(['', 'no plan', '[]', '{"format":"operator.plan/1"}'])(
    'is refused when it is not a plan: %j',
    async (text) => {
      const error = await failureOf(() => parsePlanDocument(text));
      expect(error).toMatchObject({ code: 'PLAN_INVALID' });
    },
  );
});

describe('what two plans differ in', () => {
  it('is nothing when the same was planned twice', async () => {
    await using lamps = await openLamps();
    const one = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const other = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    expect(diffPlans(one, other)).toEqual([]);
  });

  it('is reported fact by fact, before and now', async () => {
    await using lamps = await openLamps();
    const before = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    lamps.house.lamps.set(1, { on: false, wiring: 2 });
    const now = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2, 3] });
    const changes = diffPlans(before, now);
    expect(changes).toContainEqual({ what: 'fact', name: 'lamp:1 wiring', before: 1, now: 2 });
    expect(changes).toContainEqual({ what: 'fact', name: 'lamp:3 wiring', now: 1 });
    expect(changes.map(({ what }) => what)).toContain('request');
    expect(changes.map(({ what }) => what)).toContain('resource');
  });
});
