import type { JsonObject } from 'operator-core';
import type { RunResult } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

/** Starts a run whose owner leaves it after sending. */
async function letRun(
  { subject }: Lamps,
  action: string,
  parameters: JsonObject = {},
): Promise<RunResult> {
  const plan = await planOf(subject, action, { lamp_id: 1, ...parameters });
  return (await drain(subject.apply(plan, { wait: false }))).result;
}

async function undo({ engine }: Lamps, runId: string): Promise<RunResult> {
  const { subject, plan, purpose } = await engine.runs.planUndo(runId);
  return (await drain(subject.apply(plan, { purpose }))).result;
}

describe('the undo of a run that is under way', () => {
  it.each(['hold_lamp', 'switch_lamp'])(
    'settles a %s without a living owner and with a lost answer by reading, and undoes it',
    async (action) => {
      await using lamps = await openLamps();
      lamps.house.postFaults = ['cut_after'];
      const { runId, state } = await letRun(lamps, action);
      expect(state).toBe('verifying');
      expect((await undo(lamps, runId)).state).toBe('succeeded');
      expect(lamps.house.lamps.get(1)).toMatchObject({ on: false });
      expect(lamps.house.lamps.get(1)?.held ?? false).toBe(false);
      expect(await lamps.engine.runs.get(runId)).toMatchObject({ state: 'undone' });
    },
  );

  it('settles one whose process died on the way, and takes it back', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['hang_after'];
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const worker = startWorker(lamps.directory, { do: 'apply', plan });
    lamps.house.onChange = () => {
      worker.kill('SIGKILL');
      lamps.house.onChange = () => undefined;
    };
    await worker.gone;
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(lamps, runId);
    expect((await undo(lamps, runId)).state).toBe('succeeded');
    expect(lamps.house.lamps.get(1)?.held).toBe(false);
  });

  it('reports the present state of an unfinished run, and names the command that ends it', async () => {
    await using lamps = await openLamps();
    const { runId } = await letRun(lamps, 'switch_later');
    const error = await failureOf(lamps.engine.runs.planUndo(runId));
    expect(error).toMatchObject({ code: 'UNDO_REFUSED', facts: { state: 'verifying' } });
    expect(error.message).toContain('no process follows it');
    expect(error.message).toContain('The lamp is {"on":false,"wiring":1,"pending":true}.');
    expect(error.message).not.toContain('nothing to undo');
    expect(error.next).toContainEqual({ operation: 'cancel_run', run: runId });
    const { outcome } = await lamps.engine.runs.cancel(runId, { reason: 'as told' });
    expect(outcome).toBe('cancelled');
    expect(lamps.house.lamps.get(1)?.pending).toBe(false);
  });

  it('says that another process is carrying it out, and names the command that ends it', async () => {
    await using lamps = await openLamps();
    const bob = await lamps.open(BOB);
    const plan = await planOf(bob.subject, 'switch_later', { lamp_id: 1 });
    const stop = new AbortController();
    let runId = '';
    await drain(bob.subject.apply(plan, { signal: stop.signal }), async (event) => {
      if (event.kind !== 'verifying' || runId !== '') return;
      runId = event.runId;
      const error = await failureOf(lamps.engine.runs.planUndo(runId));
      expect(error.message).toContain('another process is carrying it out');
      expect(error.next).toContainEqual({ operation: 'cancel_run', run: runId });
      stop.abort();
    });
    expect(runId).not.toBe('');
  });

  it('of a run that was not started says so', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'break_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    const error = await failureOf(lamps.engine.runs.planUndo(run.id));
    expect(error.message).toContain('It is awaiting_approval: it was not started');
    expect(error.next).toEqual([{ operation: 'cancel_run', run: run.id }]);
  });
});

describe('the undo of a run that is over', () => {
  it('looks at the system before it says anything of one that was undone', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    const { runId } = await undo(lamps, result.runId);
    const gone = await failureOf(lamps.engine.runs.planUndo(result.runId));
    expect(gone.message).toContain(`Run ${runId} has undone it. Its effect is not there now: `);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    const back = await failureOf(lamps.engine.runs.planUndo(result.runId));
    expect(back.message).toContain(
      `Run ${runId} has undone it. Such an effect is there now, and its cause is unknown: hold on lamp:1 is in force.`,
    );
    lamps.house.readStatus = 500;
    const unread = await failureOf(lamps.engine.runs.planUndo(result.runId));
    expect(unread.message).toContain('It is unknown if its effect is there now');
  });

  it('does not undo an effect that was restored after its lease was lost', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    lamps.house.lamps.set(1, { on: false, wiring: 1 });
    expect(await lamps.engine.leases.look()).toMatchObject([{ seen: 'gone' }]);
    lamps.house.lamps.set(1, { on: false, wiring: 1, held: true });
    const error = await failureOf(lamps.engine.runs.planUndo(result.runId));
    expect(error.message).toContain('Its lease is lost');
    expect(error.message).toContain('Such an effect is there now, and its cause is unknown');
  });

  it('takes back a standing effect that is in force while what it is to bring about is not', async () => {
    await using lamps = await openLamps();
    lamps.house.onChange = () => {
      lamps.house.lamps.set(1, { on: false, wiring: 1, veiled: true });
    };
    const { runId } = await letRun(lamps, 'hold_lamp', { patience_ms: 1 });
    expect(await lamps.engine.runs.recover()).toMatchObject([{ runId, state: 'unknown' }]);
    expect((await undo(lamps, runId)).state).toBe('succeeded');
  });
});
