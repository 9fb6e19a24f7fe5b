import type { RunResult } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

/** Makes a run whose request never reached the server, without a way to know that. */
async function lose(lamps: Lamps, patienceMs = 100): Promise<RunResult> {
  const parameters = { lamp_id: 1, patience_ms: patienceMs };
  const plan = await planOf(lamps.subject, 'switch_lamp', parameters);
  lamps.house.postFaults = ['cut_before'];
  const { result } = await drain(lamps.subject.apply(plan));
  expect(result).toMatchObject({ state: 'unknown', answerLost: true });
  return result;
}

describe('an effect whose run lost its answer', () => {
  it('is not claimed when a later run has brought it about', async () => {
    await using lamps = await openLamps();
    const { runId } = await lose(lamps);
    const bob = await lamps.open(BOB);
    const again = await planOf(bob.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(bob.subject.apply(again));
    expect(result.state).toBe('succeeded');
    const [recovered, ...others] = await lamps.engine.runs.recover();
    expect(others).toEqual([]);
    expect(recovered).toMatchObject({
      runId,
      state: 'unknown',
      error: { code: 'CAUSE_UNKNOWN', kind: 'unverified' },
    });
    expect(recovered?.summary).toContain('its cause is unknown');
    expect(recovered?.summary).toContain(`run ${result.runId} of bob`);
    const run = await lamps.engine.runs.get(runId);
    expect(run).toMatchObject({ state: 'unknown', reason: recovered?.summary });
    const [last] = (await lamps.engine.runs.events(runId)).slice(-1);
    expect(last).toMatchObject({
      kind: 'run_moved',
      details: { from: 'unknown', to: 'unknown', error: { code: 'CAUSE_UNKNOWN' } },
    });
    // It is settled: another look shows nothing else.
    expect(await lamps.engine.runs.recover()).toEqual([]);
  });

  it('is not claimed when it is first seen after its time', async () => {
    await using lamps = await openLamps();
    await lose(lamps, 1);
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    expect(await lamps.engine.runs.recover()).toMatchObject([
      { state: 'unknown', error: { code: 'CAUSE_UNKNOWN' } },
    ]);
  });

  it('is not undone, and its inverse is a change of its own', async () => {
    await using lamps = await openLamps();
    const { runId } = await lose(lamps, 1);
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    const error = await failureOf(lamps.engine.runs.planUndo(runId));
    expect(error.code).toBe('UNDO_REFUSED');
    expect(error.message).toContain('might revert the change of another user');
    const off = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, on: false });
    const { run } = await lamps.subject.submit(off);
    expect(run.purpose).toEqual({ kind: 'change' });
  });

  it('is not undone when it is not there', async () => {
    await using lamps = await openLamps();
    const { runId } = await lose(lamps);
    const error = await failureOf(lamps.engine.runs.planUndo(runId));
    expect(error.message).toContain('Its effect is not there');
  });
});

describe('an effect that the system itself gives to something else', () => {
  it('is not claimed, though the request was accepted', async () => {
    await using lamps = await openLamps({ mischief: ['verify_names_another'] });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result).toMatchObject({ state: 'unknown', error: { code: 'CAUSE_UNKNOWN' } });
    expect(result.summary).toContain('the system names another cause');
  });
});

describe('a plan of which the system refuses the second request', () => {
  it('is partly done, says what was sent, and can be undone', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    lamps.house.onChange = ({ path }) => {
      if (path === '/lamps/2') lamps.house.postFaults = ['refuse'];
    };
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result).toMatchObject({
      state: 'partly_done',
      refusal: { code: 'LAMP_LOCKED' },
      error: {
        code: 'PARTLY_DONE',
        facts: { requests: ['accepted', 'refused'], because: { code: 'REFUSED_BY_SYSTEM' } },
      },
    });
    expect(result.error?.next).toEqual([{ operation: 'undo_run', run: null }]);
    const undo = await lamps.engine.runs.planUndo(result.runId);
    const undone = await drain(undo.subject.apply(undo.plan, { purpose: undo.purpose }));
    expect(undone.result.state).toBe('succeeded');
    expect(lamps.house.lamps.get(1)?.on).toBe(false);
    expect(await lamps.engine.runs.get(result.runId)).toMatchObject({ state: 'undone' });
  });

  it('is told the same later, from the ledger alone', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    lamps.house.onChange = ({ path }) => {
      if (path === '/lamps/2') lamps.house.postFaults = ['refuse'];
    };
    const { result } = await drain(lamps.subject.apply(plan));
    const { result: later } = await drain(lamps.engine.runs.follow(result.runId));
    expect(later).toMatchObject({ state: 'partly_done', error: { code: 'PARTLY_DONE' } });
  });

  it('looks at the system when the other answer was lost, instead of calling it refused', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_together', { lamp_ids: [1, 2] });
    lamps.house.onChange = ({ path }) => {
      lamps.house.postFaults = [path === '/lamps/1' ? 'cut_after' : 'refuse'];
      if (path === '/lamps/2') lamps.house.lamps.set(2, { on: true, wiring: 1 });
    };
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
  });
});

describe('a claim that ends with sending', () => {
  it('keeps no other run waiting while the effect is looked for', async () => {
    await using lamps = await openLamps({ mischief: ['plan_shares_the_fuse'] });
    lamps.house.isWired = false;
    const first = lamps.subject.apply(
      await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, patience_ms: 60_000 }),
    );
    for (let next = await first.next(); next.done !== true; next = await first.next()) {
      if (next.value.kind === 'verifying') break;
    }
    lamps.house.isWired = true;
    const second = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 2 });
    expect((await drain(lamps.subject.apply(second))).result.state).toBe('succeeded');
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    // The fuse is no part of the effect: the second run is no other cause of it.
    expect((await drain(first)).result.state).toBe('succeeded');
  });

  it('goes on while an answer is lost', async () => {
    await using lamps = await openLamps({ mischief: ['plan_shares_the_fuse'] });
    lamps.house.postFaults = ['cut_before'];
    const first = lamps.subject.apply(
      await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, patience_ms: 60_000 }),
    );
    for (let next = await first.next(); next.done !== true; next = await first.next()) {
      if (next.value.kind === 'verifying') break;
    }
    const second = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 2 });
    const error = await failureOf(drain(lamps.subject.apply(second)));
    expect(error).toMatchObject({ code: 'RESOURCE_HELD' });
    expect(error.remedy).toContain('`watch` starts it once it may run');
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    await drain(first);
  });
});
