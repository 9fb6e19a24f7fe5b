import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openLamps } from './support/open-lamps.ts';

describe('verifying without a run', () => {
  it('looks once, and sends nothing', async () => {
    await using lamps = await openLamps();
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    const { events, result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ kind: 'verifying', deadlineMs: 0, unreadable: null });
    expect(result).toMatchObject({
      state: 'succeeded',
      error: null,
      verification: { state: 'reached', facts: { planned: false, sent: false } },
    });
    expect(lamps.house.changes).toEqual([]);
  });

  it('does not know what has not come yet', async () => {
    await using lamps = await openLamps();
    const { events, result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(events).toHaveLength(1);
    expect(result).toMatchObject({
      state: 'unknown',
      error: { code: 'NOT_VERIFIED', kind: 'unverified' },
    });
    expect(result.summary).toMatch(/^Looked, and the effect is not there: /u);
    expect(result.error?.next).toMatchObject([
      { operation: 'verify', action: 'switch_lamp', parameters: { lamp_id: 1 } },
    ]);
  });

  it('reports a late effect only when a time was given', async () => {
    await using lamps = await openLamps();
    const asked = lamps.subject.verify('switch_lamp', { lamp_id: 1 }, { timeoutMs: 50 });
    expect((await drain(asked)).result.summary).toContain('was not reached before the deadline');
  });

  it('keeps looking for the given time', async () => {
    await using lamps = await openLamps();
    const options = { timeoutMs: 10_000 };
    const verifying = lamps.subject.verify('switch_lamp', { lamp_id: 1 }, options);
    let looks = 0;
    const { result } = await drain(verifying, () => {
      looks += 1;
      if (looks === 3) lamps.house.lamps.set(1, { on: true, wiring: 1 });
    });
    expect(looks).toBe(4);
    expect(result.state).toBe('succeeded');
  });

  it('tells the plugin of the plan where there is one', async () => {
    await using lamps = await openLamps();
    const { plan } = (await lamps.subject.plan('switch_lamp', { lamp_id: 1 })) as { plan: Plan };
    const options = { plan, sentAt: Date.now() };
    const { result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }, options));
    expect(result.verification?.facts).toMatchObject({ planned: true, sent: true });
  });

  it('reports an effect that the system has abandoned', async () => {
    await using lamps = await openLamps({ mischief: ['verify_gives_up'] });
    const { result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(result).toMatchObject({ state: 'ineffective', error: { code: 'EFFECT_FAILED' } });
  });

  it('does not say that an effect never came of which it only knows that it is not there', async () => {
    await using lamps = await openLamps({ mischief: ['verify_gives_up'] });
    const { result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(result.summary).toBe('Looked, and the effect is not there: The lamp is not so.');
  });

  it('says that it was taken back where the records of the system show that it was there', async () => {
    const mischief = ['verify_gives_up', 'verify_finds_a_record'];
    await using lamps = await openLamps({ mischief });
    const { result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(result).toMatchObject({
      state: 'ineffective',
      summary: 'The effect was there, but was taken back: The lamp is not so.',
      error: { code: 'EFFECT_REVERTED' },
    });
  });

  it('says that another change has taken its place where the plugin saw that', async () => {
    await using lamps = await openLamps();
    lamps.house.lamps.set(1, { on: false, wiring: 9 });
    const { result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(result).toMatchObject({
      state: 'ineffective',
      summary: 'Looked, and another change has taken its place: The lamp is not so.',
      error: { code: 'EFFECT_SUPERSEDED', kind: 'failed', facts: { wasReached: false } },
    });
  });

  it('does not count a missing answer as an answer', async () => {
    await using lamps = await openLamps();
    lamps.house.readStatus = 503;
    const { result } = await drain(lamps.subject.verify('switch_lamp', { lamp_id: 1 }));
    expect(result).toMatchObject({
      state: 'unknown',
      verification: null,
      error: { code: 'OUTCOME_UNKNOWN', kind: 'unverified' },
    });
  });

  it('does not wait for a look that hangs much longer than it was told', async () => {
    const limits = { verifyMs: 3_600_000, lastLookMs: 100 };
    await using lamps = await openLamps({ mischief: ['verify_hangs'], limits });
    const asked = lamps.subject.verify('switch_lamp', { lamp_id: 1 }, { timeoutMs: 100 });
    expect((await drain(asked)).result).toMatchObject({ state: 'unknown', verification: null });
  });

  it('ends when it is interrupted', async () => {
    await using lamps = await openLamps();
    const stop = new AbortController();
    const options = { timeoutMs: 3_600_000, signal: stop.signal };
    const { result } = await drain(
      lamps.subject.verify('switch_lamp', { lamp_id: 1 }, options),
      () => {
        stop.abort();
      },
    );
    expect(result).toMatchObject({ state: 'interrupted', error: { kind: 'interrupted' } });
  });

  it('refuses unknown actions and parameters', async () => {
    await using lamps = await openLamps();
    const unknown = await failureOf(drain(lamps.subject.verify('switch', {})));
    expect(unknown.code).toBe('ACTION_NOT_FOUND');
    const wrong = await failureOf(drain(lamps.subject.verify('switch_lamp', {})));
    expect(wrong.code).toBe('PARAMETERS_INVALID');
  });
});
