import type { Plan } from 'operator-core';
import type { RunEvent, RunResult } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { LampHouse } from './support/lamp-house.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

interface TwoHouses extends AsyncDisposable {
  /** The endpoint that is asked first. */
  readonly first: LampHouse;
  /** The endpoint that the plugin turns to when the first is gone. */
  readonly second: LampHouse;
  readonly lamps: Lamps;
}

/** A subject with two endpoints. */
async function openTwo(ids: { first: string; second: string }, mischief: readonly string[] = []) {
  const first = await new LampHouse().open();
  const lamps = await openLamps({ urls: [first.url], mischief });
  first.id = ids.first;
  lamps.house.id = ids.second;
  const two: TwoHouses = {
    first,
    second: lamps.house,
    lamps,
    [Symbol.asyncDispose]: async () => {
      await lamps[Symbol.asyncDispose]();
      await first.close();
    },
  };
  return two;
}

async function plan({ lamps }: TwoHouses): Promise<Plan> {
  const planned = await lamps.subject.plan('switch_lamp', { lamp_id: 1 });
  if (planned.kind !== 'plan') throw new Error(`It came to ${planned.kind}.`);
  return planned.plan;
}

/** Runs up to an event, lets the first endpoint die, and runs on. */
async function runWithout(
  { first, lamps }: TwoHouses,
  made: Plan,
  from: RunEvent['kind'],
): Promise<RunResult> {
  const steps = lamps.subject.apply(made);
  for (;;) {
    const next = await steps.next();
    if (next.done === true) throw new Error(`There was no event ${from}.`);
    if (next.value.kind === from) break;
  }
  await first.close();
  return (await drain(steps)).result;
}

const SAME = { first: 'house-1', second: 'house-1' };
const OTHER = { first: 'house-1', second: 'house-2' };

describe('the target of a plan', () => {
  it('is what answered while it was planned, where the plugin does not say', async () => {
    await using two = await openTwo(SAME);
    const made = await plan(two);
    expect(made.requests[0].target).toEqual([two.first.url]);
    const [events] = [await drain(two.lamps.subject.apply(made))];
    expect(events.result.state).toBe('succeeded');
    expect([two.first.changes.length, two.second.changes.length]).toEqual([1, 0]);
  });

  it('is what the plugin says', async () => {
    await using two = await openTwo(SAME, ['names_all_targets']);
    expect((await plan(two)).requests[0].target).toEqual([two.first.url, two.second.url]);
  });

  it('has to be made of origins', async () => {
    await using two = await openTwo(SAME, ['plan_names_no_origin']);
    const error = await failureOf(plan(two));
    expect(error).toMatchObject({ code: 'PLUGIN_MISBEHAVED' });
    expect(error.message).toContain('target');
  });

  it('keeps the request from an endpoint that was not planned for, though the plugin sends it there', async () => {
    await using two = await openTwo(SAME, ['send_ignores_target']);
    const result = await runWithout(two, await plan(two), 'intended');
    expect(result.error).toMatchObject({
      code: 'WRITE_WHILE_READING',
      facts: { origin: two.second.url, target: [two.first.url] },
    });
    expect(two.second.changes).toEqual([]);
  });

  it('must still be there when it is checked again', async () => {
    await using two = await openTwo(SAME);
    const made = await plan(two);
    await two.first.close();
    const error = await failureOf(drain(two.lamps.subject.apply(made)));
    expect(error).toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'target', before: [two.first.url], now: [two.second.url] }] },
    });
    expect(two.second.changes).toEqual([]);
  });

  it('may have lost endpoints since: those that are left take it', async () => {
    await using two = await openTwo(SAME, ['names_all_targets']);
    const made = await plan(two);
    await two.first.close();
    const { result } = await drain(two.lamps.subject.apply(made));
    expect(result.state).toBe('succeeded');
    expect(two.second.changes).toHaveLength(1);
  });
});

describe('the system that takes the request', () => {
  it.each(['rechecked', 'sending', 'intended'] as const)(
    'is asked again for its identity: the endpoint that stands in for a dead one is another system (%s)',
    async (moment) => {
      await using two = await openTwo(OTHER, ['names_all_targets']);
      const made = await plan(two);
      const running = runWithout(two, made, moment);
      const told = await running.then(
        ({ error }) => error,
        (error: unknown) => error,
      );
      expect(told).toMatchObject({
        code: 'PLAN_FOR_OTHER_SYSTEM',
        facts: { plan: { id: 'house-1' }, here: { id: 'house-2' } },
      });
      expect(two.second.changes).toEqual([]);
    },
  );
});
