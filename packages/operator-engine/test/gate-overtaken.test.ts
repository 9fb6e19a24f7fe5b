import type { Plan } from 'operator-core';
import { expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

async function planWith(lamps: Lamps, validForMs: number): Promise<Plan> {
  const planned = await lamps.subject.plan('switch_lamp', { lamp_id: 1 }, { validForMs });
  if (planned.kind !== 'plan') throw new Error(`planning ended with ${planned.kind}`);
  return planned.plan;
}

it('a run that begins and ends while another checks its plan makes the other check it again', async () => {
  await using lamps = await openLamps();
  const slow = await planWith(lamps, 60_000);
  const quick = await planWith(lamps, 61_000);
  const { subject } = await lamps.open();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  lamps.house.beforeAnswer = async () => {
    lamps.house.beforeAnswer = async () => undefined;
    asked.resolve();
    await answered.promise;
  };
  const failing = failureOf(drain(lamps.subject.apply(slow)));
  await asked.promise;
  // What the slow one is told is still true, and is no more when it hears it.
  const { result } = await drain(subject.apply(quick));
  expect(result.state).toBe('succeeded');
  answered.resolve();
  expect((await failing).code).toBe('PLAN_STALE');
  expect(lamps.house.changes).toHaveLength(1);
});
