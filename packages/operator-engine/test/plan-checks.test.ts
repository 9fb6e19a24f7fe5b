import type { Plan } from 'operator-core';
import type * as Core from 'operator-core';
import { formatPlanDocument, parsePlanDocument } from 'operator-engine';
import type { GatedSubject } from 'operator-engine';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { drain } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** Calls of core since the test began. */
const seen = vi.hoisted(() => ({ hashes: 0, shapes: [] as string[] }));

// Core answers as ever; only its calls are counted.
vi.mock('operator-core', async (importOriginal) => {
  const core = await importOriginal<typeof Core>();
  return {
    ...core,
    digestPlan: (plan: Plan) => {
      seen.hashes += 1;
      return core.digestPlan(plan);
    },
    parsePlanOutcome: (action: string, value: unknown) => {
      seen.shapes.push(action);
      return core.parsePlanOutcome(action, value);
    },
  };
});

/** Hashes and shape checks until the run was claimed, and after that. */
async function count(subject: GatedSubject, plan: Plan) {
  const steps = subject.apply(plan);
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) throw new Error('it was not claimed');
    if (value.kind === 'claimed') break;
  }
  const claimed = { hashes: seen.hashes, shapes: [...seen.shapes] };
  const { result } = await drain(steps);
  expect(result.state).toBe('succeeded');
  return { claimed, later: seen.hashes - claimed.hashes };
}

beforeEach(() => {
  Object.assign(seen, { hashes: 0, shapes: [] });
});

describe('the checks of a plan on its way to the system', () => {
  it('are one hash when it is made and one by the ledger when its run is claimed', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { claimed, later } = await count(lamps.subject, plan);
    // The second shape is that of the plan made again immediately before sending.
    expect(claimed).toEqual({ hashes: 2, shapes: ['switch_lamp', 'switch_lamp'] });
    expect(later).toBe(0);
  });

  it('are one more hash and one shape for a document that another process has made', async () => {
    await using lamps = await openLamps();
    const made = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { subject } = await lamps.open(BOB);
    Object.assign(seen, { hashes: 0, shapes: [] });
    const plan = await subject.planAgain(parsePlanDocument(formatPlanDocument(made)));
    const { claimed } = await count(subject, plan);
    expect(claimed).toEqual({
      hashes: 3,
      shapes: ['of the document', 'switch_lamp', 'switch_lamp'],
    });
  });

  it('are made again for a copy, which may be another plan by now', async () => {
    await using lamps = await openLamps();
    const plan = { ...(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 })) };
    const { claimed } = await count(lamps.subject, plan);
    expect(claimed.shapes).toEqual([
      'switch_lamp',
      'of the document',
      'switch_lamp',
      'switch_lamp',
    ]);
  });
});
