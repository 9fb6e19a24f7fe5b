import type { Plan } from 'operator-core';
import { formatPlanDocument, parsePlanDocument } from 'operator-engine';
import type { GatedSubject } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { CallCounter } from './support/count-calls.ts';
import { drain } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

interface Checks {
  readonly hashes: number;
  readonly shapes: number;
  /** Shape checks of what comes from outside: a document, or a copy. */
  readonly untrusted: number;
}

async function checksOf(calls: CallCounter): Promise<Checks> {
  return {
    hashes: await calls.count('plan-digest.ts', 'digestPlan'),
    shapes: await calls.count('parse-outcome.ts', 'parsePlanOutcome'),
    untrusted: await calls.count('check-plan.ts', 'checkShape'),
  };
}

/** Checks until the run was claimed, and hashes after that. */
async function applyAndCount(subject: GatedSubject, plan: Plan, calls: CallCounter) {
  const steps = subject.apply(plan);
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) throw new Error('it was not claimed');
    if (value.kind === 'claimed') break;
  }
  const claimed = await checksOf(calls);
  const { result } = await drain(steps);
  expect(result.state).toBe('succeeded');
  return { claimed, later: (await checksOf(calls)).hashes - claimed.hashes };
}

describe('the checks of a plan on its way to the system', () => {
  it('are one hash when it is made and one by the ledger when its run is claimed', async () => {
    await using lamps = await openLamps();
    await using calls = await CallCounter.start();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { claimed, later } = await applyAndCount(lamps.subject, plan, calls);
    // The second shape is that of the plan made again immediately before sending.
    expect(claimed).toEqual({ hashes: 2, shapes: 2, untrusted: 0 });
    expect(later).toBe(0);
  });

  it('are one more hash and one shape for a document that another process has made', async () => {
    await using lamps = await openLamps();
    const made = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { subject } = await lamps.open(BOB);
    await using calls = await CallCounter.start();
    const plan = await subject.planAgain(parsePlanDocument(formatPlanDocument(made)));
    expect(await checksOf(calls)).toMatchObject({ shapes: 2, untrusted: 1 });
    const { claimed } = await applyAndCount(subject, plan, calls);
    expect(claimed).toEqual({ hashes: 3, shapes: 3, untrusted: 1 });
  });

  it('are made again for a copy, which may be another plan by now', async () => {
    await using lamps = await openLamps();
    await using calls = await CallCounter.start();
    const plan = { ...(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 })) };
    const { claimed } = await applyAndCount(lamps.subject, plan, calls);
    expect(claimed).toMatchObject({ shapes: 4, untrusted: 1 });
  });
});
