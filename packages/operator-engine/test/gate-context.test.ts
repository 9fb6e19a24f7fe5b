import { digestPlan } from 'operator-core';
import type { JsonObject, Plan } from 'operator-core';
import { diffPlans, formatPlanDocument, parsePlanDocument } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** A plan whose context is the ticket of the lamp, made from its wiring. */
async function planLater({ house, subject }: Lamps, wiring = 1): Promise<Plan> {
  house.lamps.set(1, { on: false, wiring });
  return planOf(subject, 'switch_later', { lamp_id: 1 });
}

function finish({ house }: Lamps): void {
  house.lamps.set(1, { on: true, wiring: 1 });
}

/** The plan as a file with another context, and with a digest that fits. */
function withContext(plan: Plan, context: JsonObject): Plan {
  const { digest: _old, ...content } = { ...plan, context };
  return parsePlanDocument(formatPlanDocument({ ...content, digest: digestPlan(content) }));
}

describe('the context of a plan', () => {
  it('is a part of the plan and its digest, and differs in the comparison of plans', async () => {
    await using lamps = await openLamps();
    const plan = await planLater(lamps);
    expect(plan.context).toEqual({ ticket: 't-1' });
    const other = withContext(plan, { ticket: 't-2' });
    expect(other.digest).not.toBe(plan.digest);
    expect(diffPlans(plan, other)).toEqual([
      { what: 'context', name: 'ticket', before: 't-1', now: 't-2' },
    ]);
  });

  it('is left out of a plan whose draft has none', async () => {
    await using lamps = await openLamps();
    expect(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 })).not.toHaveProperty(
      'context',
    );
  });

  it('is given to `verify` by the process that sends', async () => {
    await using lamps = await openLamps();
    const { result } = await drain(lamps.subject.apply(await planLater(lamps)), ({ kind }) => {
      if (kind === 'sent') finish(lamps);
    });
    expect(result).toMatchObject({
      state: 'succeeded',
      verification: { facts: { context: { ticket: 't-1' } } },
    });
  });

  it('is given to `verify` by another process that settles the run from the ledger', async () => {
    await using lamps = await openLamps();
    const { result } = await drain(lamps.subject.apply(await planLater(lamps), { wait: false }));
    finish(lamps);
    const other = await lamps.open();
    expect(await other.engine.runs.recover()).toMatchObject([{ state: 'succeeded' }]);
    const { detail } = await other.engine.runs.get(result.runId);
    expect(detail).toMatchObject({
      verification: { facts: { context: { ticket: 't-1' } } },
    });
  });

  it('is null for `verify` without a plan', async () => {
    await using lamps = await openLamps();
    const { result } = await drain(lamps.subject.verify('switch_later', { lamp_id: 1 }));
    expect(result.verification?.facts).toMatchObject({ context: null });
  });

  it('is given to `cancel`', async () => {
    await using lamps = await openLamps();
    const plan = await planLater(lamps, 7);
    const { engine } = await lamps.open(BOB);
    const cancelling: Promise<unknown>[] = [];
    const { events } = await drain(lamps.subject.apply(plan), ({ kind, runId }) => {
      if (kind === 'verifying' && cancelling.length === 0) {
        cancelling.push(engine.runs.cancel(runId, { reason: 'not now' }));
      }
      if (kind === 'cancelling') finish(lamps);
    });
    // Ticket t-7 cannot be taken back.
    expect(events.find(({ kind }) => kind === 'cancelling')).toMatchObject({ action: null });
    await Promise.all(cancelling);
  });

  it.each<[string, (lamps: Lamps, plan: Plan) => Plan]>([
    ['in a file', (_lamps, plan) => withContext(plan, { ticket: 't-2' })],
    [
      'in the system',
      ({ house }, plan) => {
        house.lamps.set(1, { on: false, wiring: 5 });
        return plan;
      },
    ],
  ])('makes the plan stale when it is another one %s', async (_, change) => {
    await using lamps = await openLamps();
    const plan = await planLater(lamps);
    const error = await failureOf(drain(lamps.subject.apply(change(lamps, plan))));
    expect(error).toMatchObject({ code: 'PLAN_STALE', facts: { changes: [{ fact: 'context' }] } });
    expect(lamps.house.changes).toEqual([]);
  });
});
