import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { ADA, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

/** Another lamp than the one that is switched: what raised the run. */
const OTHER = 'lamp(lamp_id=2).on=true';

async function planSwitch({ subject }: Lamps) {
  return planOf(subject, 'switch_lamp', { lamp_id: 1, settle_ms: 20 });
}

describe('a run until a condition', () => {
  it('is called fixed only when the condition did not hold before and holds after the proof', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition: OTHER, withinMs: 60_000 };
    const { events, result } = await drain(lamps.subject.apply(plan, { until }), (event) => {
      if (event.kind === 'condition') lamps.house.lamps.set(2, { on: true, wiring: 1 });
    });
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(result.summary).toContain(`The condition ${OTHER} holds: fixed.`);
    expect(result.condition).toEqual({
      text: OTHER,
      withinMs: 60_000,
      before: { holds: false, summary: 'lamp.on is false.' },
      after: { holds: true, summary: 'lamp.on is true.' },
    });
    expect(events.filter(({ kind }) => kind === 'condition').length).toBeGreaterThan(1);
    const run = await lamps.engine.runs.get(result.runId);
    expect(run.condition).toEqual(result.condition);
    const told = JSON.stringify(await lamps.engine.runs.events(result.runId));
    expect(told).toContain('awaiting_condition');
    expect(told).toContain('"withinMs":60000');
  });

  it('ends as done, proven and not fixed when the wait is over, and is not undone', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition: OTHER, withinMs: 50 };
    const { result } = await drain(lamps.subject.apply(plan, { until }));
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: `Done and proven, but the condition ${OTHER} does not hold: not fixed. lamp.on is false.`,
      error: { code: 'CONDITION_NOT_MET', kind: 'unverified' },
      verification: { state: 'reached' },
      condition: { after: { holds: false } },
    });
    expect(lamps.house.changes).toHaveLength(1);
    // Another process reads the same from the ledger, and it can be undone.
    const other = await lamps.open(ADA);
    const { result: again } = await drain(other.subject.run(result.runId));
    expect(again.error?.code).toBe('CONDITION_NOT_MET');
    expect((await other.engine.runs.planUndo(result.runId)).plan.action).toBe('switch_lamp');
  });

  it('is not called fixed by a condition that held before', async () => {
    await using lamps = await openLamps();
    lamps.house.lamps.set(2, { on: true, wiring: 1 });
    const plan = await planSwitch(lamps);
    const until = { condition: OTHER, withinMs: 60_000 };
    const { result } = await drain(lamps.subject.apply(plan, { until }));
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(result.summary).toContain('holds, as it did before the run');
    expect(result.summary).not.toContain(': fixed');
  });

  it('is not satisfied by a reading that fails or does not tell', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition: 'lamp(lamp_id=2).watts!=60', withinMs: 50 };
    const { result } = await drain(lamps.subject.apply(plan, { until }));
    expect(result.error?.code).toBe('CONDITION_NOT_MET');
    expect(result.summary).toMatch(
      /it is unknown if the condition .+ holds\. lamp\.watts is unknown: the lamp has no meter\./u,
    );
    expect(result.condition?.after?.holds).toBeNull();
  });

  it('goes on waiting where its process was killed, by reading again, and sends nothing twice', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition: OTHER, withinMs: 60_000 };
    const worker = startWorker(lamps.directory, {
      do: 'apply',
      plan,
      until,
      at: { kind: 'condition' },
    });
    expect(await worker.gone).toBe('SIGKILL');
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(lamps, runId);
    expect(await lamps.engine.runs.recover()).toMatchObject([
      { runId, state: 'verifying', error: { code: 'CONDITION_NOT_MET' } },
    ]);
    lamps.house.lamps.set(2, { on: true, wiring: 1 });
    const recovered = await lamps.engine.runs.recover();
    expect(recovered).toMatchObject([{ runId, state: 'succeeded', error: null }]);
    expect(recovered[0]?.summary).toContain('holds: fixed.');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('stops waiting when it is cancelled, and keeps the change', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition: OTHER, withinMs: 60_000 };
    const { engine } = lamps;
    const { result } = await drain(lamps.subject.apply(plan, { until }), async (event) => {
      if (event.kind !== 'condition') return;
      const ledger = await engine.openLedger();
      await ledger.runs.cancel(event.runId, { by: ADA, reason: 'enough' });
    });
    expect(result).toMatchObject({ state: 'succeeded', error: { code: 'CONDITION_NOT_MET' } });
    expect(result.summary).toContain('ada cancelled the wait');
    expect(lamps.house.lamps.get(1)?.on).toBe(true);
  });

  it('is open when the caller stops waiting, and another goes on', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const stop = new AbortController();
    const options = { until: { condition: OTHER, withinMs: 60_000 }, signal: stop.signal };
    const { result } = await drain(lamps.subject.apply(plan, options), (event) => {
      if (event.kind === 'condition') stop.abort();
    });
    expect(result).toMatchObject({ state: 'verifying', error: { code: 'INTERRUPTED' } });
    lamps.house.lamps.set(2, { on: true, wiring: 1 });
    const { result: after } = await drain(lamps.subject.run(result.runId));
    expect(after).toMatchObject({ state: 'succeeded', error: null });
  });

  it.each([
    ['lamps', 'CONDITION_INVALID', 'cannot be read'],
    ['lampe(lamp_id=1).on=true', 'OBSERVATION_NOT_FOUND', 'lamp'],
    ['lamp(lamp_id=1).off=true', 'CONDITION_INVALID', 'there is no field off'],
    ['lamp(lamp_id=1).watts<dark', 'CONDITION_INVALID', 'is no number'],
    ['lamp(lamp_id=1)[on=true].watts=1', 'CONDITION_INVALID', 'has no rows'],
    ['lamp(lamp=1).on=true', 'PARAMETERS_INVALID', 'lamp_id'],
    ['lamps(times=2).rows=0', 'CONDITION_INVALID', 'names no fields'],
  ])('refuses %s before anything is recorded or sent', async (condition, code, words) => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition, withinMs: 1_000 };
    const error = await failureOf(drain(lamps.subject.apply(plan, { until })));
    expect(error).toMatchObject({ code, kind: 'usage' });
    expect(error.message + error.remedy).toContain(words);
    expect(await lamps.engine.runs.list()).toEqual([]);
    expect(lamps.house.changes).toEqual([]);
  });

  it('is another request than the same call without it', async () => {
    await using lamps = await openLamps();
    const plan = await planSwitch(lamps);
    const until = { condition: OTHER, withinMs: 60_000 };
    await lamps.subject.submit(plan, { until });
    await expect(lamps.subject.submit(plan)).rejects.toThrow('requested something else');
    expect((await lamps.subject.submit(plan, { until })).created).toBe(false);
  });
});
