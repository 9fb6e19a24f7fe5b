import type { Fact } from '../contract/fact.ts';

/** True when the tolerance of a planned fact admits a value. `false` for a fact without one, and for no number. */
export function isTolerated({ value: planned, tolerance }: Fact, value: unknown): boolean {
  if (tolerance === undefined || typeof planned !== 'number' || typeof value !== 'number')
    return false;
  const { atLeast = -Infinity, atMost = Infinity, within = Infinity } = tolerance;
  const most = typeof within === 'number' ? within : Math.abs(planned) * within.ratio;
  return value >= atLeast && value <= atMost && Math.abs(value - planned) <= most;
}
