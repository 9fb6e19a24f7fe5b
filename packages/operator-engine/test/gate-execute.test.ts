import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

async function plan(lamps: Lamps, ids: readonly number[]): Promise<Plan> {
  for (const id of ids) lamps.house.lamps.set(id, { on: false, wiring: 1 });
  const planned = await lamps.subject.plan('switch_together', { lamp_ids: ids });
  if (planned.kind !== 'plan') throw new Error(`It came to ${planned.kind}.`);
  return planned.plan;
}

describe("an action's own execute", () => {
  it('sends the requests of the plan, at the same time if it likes', async () => {
    await using lamps = await openLamps();
    const { events, result } = await drain(lamps.subject.apply(await plan(lamps, [1, 2, 3])));
    expect(result).toMatchObject({
      state: 'succeeded',
      requests: [1, 2, 3].map(() => ({ result: { outcome: 'accepted' } })),
    });
    expect(events.filter(({ kind }) => kind === 'sending')).toHaveLength(3);
    expect(lamps.house.changes).toHaveLength(3);
  });

  it('is judged by the requests that it sent, even when it throws afterwards', async () => {
    await using lamps = await openLamps();
    const { result } = await drain(lamps.subject.apply(await plan(lamps, [13, 2])));
    expect(result.state).toBe('succeeded');
  });

  it('fails the run with nothing sent when it falls over at once', async () => {
    await using lamps = await openLamps();
    const error = await failureOf(drain(lamps.subject.apply(await plan(lamps, [14]))));
    expect(error).toMatchObject({ code: 'PLUGIN_MISBEHAVED' });
    expect(lamps.house.changes).toEqual([]);
  });

  it('cannot send what is not in the plan', async () => {
    await using lamps = await openLamps();
    const error = await failureOf(drain(lamps.subject.apply(await plan(lamps, [15]))));
    expect(error).toMatchObject({ code: 'REQUEST_NOT_PLANNED', kind: 'plugin' });
    expect(lamps.house.changes).toEqual([]);
  });

  it('cannot send a request twice', async () => {
    await using lamps = await openLamps();
    const { result } = await drain(lamps.subject.apply(await plan(lamps, [16])));
    expect(result.state).toBe('succeeded');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('has done half of the plan when it leaves requests out', async () => {
    await using lamps = await openLamps();
    const { result } = await drain(lamps.subject.apply(await plan(lamps, [18, 2])));
    expect(result).toMatchObject({
      state: 'partly_done',
      error: {
        code: 'PARTLY_DONE',
        kind: 'partly_done',
        facts: { requests: ['accepted', 'not_begun'], because: { code: 'NOT_SENT' } },
      },
    });
    expect(result.error?.message).toContain(
      'switch the lamp (accepted); switch the lamp (not begun)',
    );
  });

  it('sends nothing when the caller stops asking', async () => {
    await using lamps = await openLamps();
    const events = lamps.subject.apply(await plan(lamps, [1, 2]));
    for await (const event of events) {
      if (event.kind === 'sending') break;
    }
    expect(lamps.house.changes).toEqual([]);
  });

  it('sends nothing when it is interrupted before the first request', async () => {
    await using lamps = await openLamps();
    const stop = new AbortController();
    const events = lamps.subject.apply(await plan(lamps, [1, 2]), { signal: stop.signal });
    const error = await failureOf(
      drain(events, ({ kind }) => {
        if (kind === 'sending') stop.abort();
      }),
    );
    expect(error.code).toBe('INTERRUPTED');
    expect(lamps.house.changes).toEqual([]);
  });

  it('is asked to stop, and the result of its request is awaited', async () => {
    await using lamps = await openLamps({ limits: { stopMs: 500 } });
    lamps.house.postFaults = ['hang_after'];
    const stop = new AbortController();
    const running = drain(lamps.subject.apply(await plan(lamps, [17]), { signal: stop.signal }));
    while (lamps.house.changes.length === 0) await new Promise(setImmediate);
    stop.abort();
    const { result } = await running;
    expect(result).toMatchObject({ state: 'verifying', answerLost: true });
    expect(result.requests[0]?.result).toMatchObject({ outcome: 'unknown' });
  });
});
