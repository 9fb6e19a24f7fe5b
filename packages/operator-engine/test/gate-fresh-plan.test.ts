import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from 'operator-core';
import type { GatedSubject, RunEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

/** Longer than any test takes. */
const LONG_FRESH = { limits: { freshReadingMs: 60_000 } };

async function planRun(subject: GatedSubject, validForMs = 60_000): Promise<Plan> {
  const options = { isConfirmed: true, validForMs } as const;
  const planned = await subject.plan('switch_lamp', { lamp_id: 1 }, options);
  if (planned.kind !== 'plan') throw new Error(`planning ended with ${planned.kind}`);
  return planned.plan;
}

function readingOf(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'rechecked' ? [event.reading] : []));
}

/** Paths of the reads that the server has seen before the first change. */
function pathsUntilChange({ house }: Lamps): readonly string[] {
  const end = house.requests.findIndex(({ method }) => method !== 'GET');
  return house.requests.slice(0, end).map(({ path }) => path);
}

function rewire({ house }: Lamps): void {
  house.lamps.set(1, { on: false, wiring: 7 });
}

describe('a plan that was just made and is applied at once', () => {
  it('is sent by its own reading: only the identity of the system is read between the plan and the request', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const plan = await planRun(lamps.subject);
    const reads = lamps.house.requests.length;
    const identity = lamps.house.requests[0]?.path;
    const { events, result } = await drain(lamps.subject.apply(plan));
    expect(result.state).toBe('succeeded');
    expect(readingOf(events)).toEqual(['of_the_plan']);
    expect(pathsUntilChange(lamps).slice(reads)).toEqual([identity]);
  });

  it('is read again when its reading is older than the limit, and is then stale where a fact has changed', async () => {
    await using lamps = await openLamps({ limits: { freshReadingMs: 100 } });
    const plan = await planRun(lamps.subject);
    await sleep(150);
    rewire(lamps);
    expect(await failureOf(drain(lamps.subject.apply(plan)))).toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'lamp:1 wiring', before: 1, now: 7 }] },
    });
    expect(lamps.house.changes).toEqual([]);
  });

  it('counts the age of its reading from the first request, also when an answer is slow', async () => {
    await using lamps = await openLamps({ limits: { freshReadingMs: 100 } });
    lamps.house.beforeAnswer = async () => {
      lamps.house.beforeAnswer = async () => undefined;
      await sleep(150);
    };
    const plan = await planRun(lamps.subject);
    const { events } = await drain(lamps.subject.apply(plan));
    expect(readingOf(events)).toEqual(['again']);
  });

  it('is read again when another run has changed the same resource since its reading', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const slow = await planRun(lamps.subject);
    const other = await lamps.open();
    const quick = await planRun(other.subject, 61_000);
    expect((await drain(other.subject.apply(quick))).result.state).toBe('succeeded');
    expect((await failureOf(drain(lamps.subject.apply(slow)))).code).toBe('PLAN_STALE');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is read again when the first ledger was made by another run after its reading', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const slow = await planRun(lamps.subject);
    const other = await lamps.open();
    expect(await lamps.engine.runs.list()).toEqual([]);
    await drain(other.subject.apply(await planRun(other.subject, 61_000)));
    lamps.house.lamps.set(1, { on: false, wiring: 1 });
    const { events, result } = await drain(lamps.subject.apply(slow));
    expect(readingOf(events)).toEqual(['of_the_plan', 'again']);
    expect(result.state).toBe('succeeded');
  });

  it('is read again when it waited for its turn', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const slow = await planRun(lamps.subject);
    const other = await lamps.open();
    lamps.house.readsUntilEffect = 20;
    const holding = drain(other.subject.apply(await planRun(other.subject, 61_000)));
    while (lamps.house.changes.length === 0) await sleep(1);
    const waiting = failureOf(drain(lamps.subject.apply(slow, { patienceMs: 30_000 })));
    expect((await holding).result.state).toBe('succeeded');
    expect((await waiting).code).toBe('PLAN_STALE');
    expect(lamps.house.changes).toHaveLength(1);
  });
});

describe('a plan is read again before it is sent, however new it is,', () => {
  it('when a user may have been asked about it', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const planned = await lamps.subject.plan('switch_lamp', { lamp_id: 1 });
    if (planned.kind !== 'plan') throw new Error(`planning ended with ${planned.kind}`);
    const { events } = await drain(lamps.subject.apply(planned.plan));
    expect(readingOf(events)).toEqual(['again']);
  });

  it('when it is a copy, which any code can make', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const plan = structuredClone(await planRun(lamps.subject));
    rewire(lamps);
    expect((await failureOf(drain(lamps.subject.apply(plan)))).code).toBe('PLAN_STALE');
    expect(lamps.house.changes).toEqual([]);
  });

  it('when its run is carried out by id, as after a restart', async () => {
    await using lamps = await openLamps(LONG_FRESH);
    const { run } = await lamps.subject.submit(await planRun(lamps.subject));
    rewire(lamps);
    const { subject } = await lamps.open();
    expect((await failureOf(drain(subject.run(run.id)))).code).toBe('PLAN_STALE');
    expect(lamps.house.changes).toEqual([]);
  });

  it('when a person has consented to it', async () => {
    const policy = `
rules:
  - { id: asks, when: {}, decision: needs_approval, reason: Lamps are seen from afar. }
limits: { runsAtOnce: none, runsPerHour: none, cooldown: none, failures: none }
`;
    await using lamps = await openLamps({ ...LONG_FRESH, policy });
    const plan = await planRun(lamps.subject);
    const { run } = await lamps.subject.submit(plan);
    const other = await lamps.open({ kind: 'person', name: 'bob' });
    await other.engine.approvals.approve(run.id, { digest: plan.digest });
    rewire(lamps);
    expect((await failureOf(drain(lamps.subject.apply(plan)))).code).toBe('PLAN_STALE');
    expect(lamps.house.changes).toEqual([]);
  });
});

describe('a request that cannot start soon after the system was read', () => {
  const SHORT = { limits: { freshReadingMs: 60_000, sendWithinMs: 1500 } };
  const UNSENT = { state: 'failed', error: { code: 'NOT_SENT' } };

  it('is not sent when the system took long to prove who it is, however new the plan was', async () => {
    await using lamps = await openLamps(SHORT);
    const plan = await planRun(lamps.subject);
    lamps.house.beforeIdentity = async () => {
      rewire(lamps);
      await sleep(1600);
    };
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result).toMatchObject(UNSENT);
    expect(lamps.house.changes).toEqual([]);
  });

  it.each(['of_the_plan', 'again'])(
    'is not sent when its caller or the process itself stood still after the reading (%s)',
    async (reading) => {
      await using lamps = await openLamps(SHORT);
      const made = await planRun(lamps.subject);
      const plan = reading === 'again' ? structuredClone(made) : made;
      const { events, result } = await drain(lamps.subject.apply(plan), async ({ kind }) => {
        if (kind !== 'intended') return;
        rewire(lamps);
        await sleep(1600);
      });
      expect(readingOf(events)).toEqual([reading]);
      expect(result).toMatchObject(UNSENT);
      expect(lamps.house.changes).toEqual([]);
    },
  );
});
