import type { Plan } from 'operator-core';
import type { RunEvent, RunResult } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';

async function plan(lamps: Lamps, action: string, parameters: object): Promise<Plan> {
  const planned = await lamps.subject.plan(action, parameters);
  if (planned.kind !== 'plan') throw new Error(`It came to ${planned.kind}.`);
  return planned.plan;
}

/** Applies a plan and stops it at the first event that `isTime` picks. */
async function runUntil(
  lamps: Lamps,
  made: Plan,
  isTime: (event: RunEvent) => boolean,
): Promise<RunResult> {
  const stop = new AbortController();
  const events = lamps.subject.apply(made, { signal: stop.signal });
  const { result } = await drain(events, (event) => {
    if (isTime(event)) stop.abort();
  });
  return result;
}

describe('interrupted before anything was sent', () => {
  const interrupted = { code: 'INTERRUPTED', kind: 'interrupted' };

  it('at once', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const apply = lamps.subject.apply(made, { signal: AbortSignal.abort() });
    expect(await failureOf(drain(apply))).toMatchObject(interrupted);
    expect(lamps.house.changes).toEqual([]);
  });

  it('while re-checking', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const stop = new AbortController();
    lamps.house.onRead = () => {
      stop.abort();
    };
    const apply = lamps.subject.apply(made, { signal: stop.signal });
    expect(await failureOf(drain(apply))).toMatchObject(interrupted);
    expect(lamps.house.changes).toEqual([]);
  });

  it.each(['rechecked', 'claimed', 'sending', 'intended'])('after the event %s', async (kind) => {
    await using lamps = await openLamps();
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(runUntil(lamps, made, (event) => event.kind === kind));
    expect(error).toMatchObject(interrupted);
    expect(error.message).toContain('Nothing was sent');
    expect(lamps.house.changes).toEqual([]);
  });
});

describe('interrupted after sending had begun', () => {
  it('while a request has no answer: it is not known whether it was taken', async () => {
    await using lamps = await openLamps({ limits: { stopMs: 300 } });
    lamps.house.postFaults = ['hang_after'];
    lamps.house.isWired = false;
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const stop = new AbortController();
    const running = drain(lamps.subject.apply(made, { signal: stop.signal }));
    while (lamps.house.changes.length === 0) await new Promise(setImmediate);
    stop.abort();
    const { result } = await running;
    expect(result).toMatchObject({
      state: 'verifying',
      answerLost: true,
      requests: [{ result: { outcome: 'unknown' } }],
      error: { code: 'INTERRUPTED', kind: 'interrupted', facts: { answerLost: true } },
    });
    expect(result.summary).toContain('No usable answer came');
  });

  it('between two requests: the second is never sent', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, 'switch_several', { lamp_ids: [1, 2] });
    const result = await runUntil(lamps, made, ({ kind }) => kind === 'sent');
    expect(result).toMatchObject({
      state: 'partly_done',
      requests: [{ result: { outcome: 'accepted' } }, { result: null }],
      error: { code: 'PARTLY_DONE', facts: { requests: ['accepted', 'not_begun'] } },
    });
    expect(result.error?.message).toMatch(/\(accepted\); .* \(not begun\)\./u);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('after the answer, without waiting: it is accepted', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const stop = new AbortController();
    const apply = lamps.subject.apply(made, { signal: stop.signal, wait: false });
    const { result } = await drain(apply, ({ kind }) => {
      if (kind === 'sent') stop.abort();
    });
    expect(result).toMatchObject({ state: 'verifying', error: null });
  });

  it('while verifying: the last reading is reported', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const result = await runUntil(lamps, made, ({ kind }) => kind === 'verifying');
    expect(result).toMatchObject({
      state: 'verifying',
      verification: { state: 'pending' },
      error: { code: 'INTERRUPTED', facts: { lastSeen: { summary: 'The lamp is not so.' } } },
    });
    expect(result.summary).toBe(
      'Interrupted. The system accepted it, but the effect had not been seen yet: The lamp is not so.',
    );
  });

  it('while a look hangs', async () => {
    await using lamps = await openLamps({ mischief: ['verify_hangs'] });
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1 });
    const result = await runUntil(lamps, made, ({ kind }) => kind === 'sent');
    expect(result.state).toBe('verifying');
  });

  it('while settling: the effect was there', async () => {
    await using lamps = await openLamps();
    const made = await plan(lamps, 'switch_lamp', { lamp_id: 1, settle_ms: 3_600_000 });
    const result = await runUntil(lamps, made, ({ kind }) => kind === 'settling');
    expect(result).toMatchObject({ state: 'verifying', verification: { state: 'reached' } });
    expect(result.summary).toContain('was there, but had not settled');
  });
});
