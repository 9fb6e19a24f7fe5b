import { describe, expect, it } from 'vitest';
import { drain } from './support/errors.ts';
import { ADA, openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

describe('killed in the middle of a run', () => {
  it.each([
    ['recorded', 'approved', null, 0],
    ['decided', 'approved', null, 0],
    ['rechecked', 'approved', null, 0],
    ['claimed', 'failed', 'NOT_SENT', 0],
    ['sending', 'failed', 'NOT_SENT', 0],
    ['intended', 'unknown', 'NOT_VERIFIED', 0],
    ['sent', 'succeeded', null, 1],
    ['verifying', 'succeeded', null, 1],
    ['settling', 'succeeded', null, 1],
  ] as const)('at %s: it ends %s', async (kind, state, code, sent) => {
    await using lamps = await openLamps();
    const parameters = { lamp_id: 1, patience_ms: 1_000, settle_ms: 20 };
    const plan = await planOf(lamps.subject, 'switch_lamp', parameters);
    const worker = startWorker(lamps.directory, { do: 'apply', plan, at: { kind } });
    expect(await worker.gone).toBe('SIGKILL');
    const runId = String(worker.told[0]?.['runId']);
    if (state !== 'approved') await untilAbandoned(lamps, runId);
    const recovered = await lamps.engine.runs.recover();
    expect(recovered.map(({ runId: id, state: now }) => [id, now])).toEqual(
      state === 'approved' ? [] : [[runId, state]],
    );
    const run = await lamps.engine.runs.get(runId);
    expect(run.state).toBe(state);
    expect(recovered[0]?.error?.code ?? null).toBe(code);
    expect(lamps.house.changes).toHaveLength(sent);
    // No lock is left that would block another run.
    const again = await lamps.engine.runs.recover({ unknown: false });
    expect(again).toEqual([]);
    const next = await planOf(lamps.subject, 'break_lamp', { lamp_id: 2 });
    expect((await lamps.subject.submit(next)).run.state).toBe('awaiting_approval');
  });

  it('while the request is on its way, and the effect came: it is seen and never sent again', async () => {
    await using lamps = await openLamps();
    lamps.house.postFaults = ['hang_after'];
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const worker = startWorker(lamps.directory, { do: 'apply', plan });
    lamps.house.onChange = () => {
      worker.kill('SIGKILL');
    };
    await worker.gone;
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(lamps, runId);
    const recovered = await lamps.engine.runs.recover();
    expect(recovered).toMatchObject([{ runId, before: 'executing', state: 'succeeded' }]);
    expect(recovered[0]?.summary).toMatch(/^No usable answer came .+, but the effect is there/u);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('between two requests: the first one is reported, and the rest is never sent', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2, 3] });
    const at = { kind: 'sent', index: 0 } as const;
    const worker = startWorker(lamps.directory, { do: 'apply', plan, at });
    await worker.gone;
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(lamps, runId);
    const [recovered] = await lamps.engine.runs.recover();
    expect(recovered).toMatchObject({ state: 'partly_done', error: { code: 'PARTLY_DONE' } });
    expect(recovered?.error?.facts).toMatchObject({
      requests: ['accepted', 'not_begun', 'not_begun'],
    });
    expect(lamps.house.changes).toHaveLength(1);
    const undo = await lamps.engine.runs.planUndo(runId);
    const { result } = await drain(undo.subject.apply(undo.plan, { purpose: undo.purpose }));
    expect(result.state).toBe('succeeded');
    expect(await lamps.engine.runs.get(runId)).toMatchObject({ state: 'undone' });
  });

  it('between two requests, and the whole effect is there: it is done', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    const at = { kind: 'sent', index: 0 } as const;
    const worker = startWorker(lamps.directory, { do: 'apply', plan, at });
    await worker.gone;
    await untilAbandoned(lamps, String(worker.told[0]?.['runId']));
    lamps.house.lamps.set(2, { on: true, wiring: 1 });
    expect(await lamps.engine.runs.recover()).toMatchObject([{ state: 'succeeded', error: null }]);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('an unknown result becomes known when the effect is seen in time', async () => {
    await using lamps = await openLamps();
    const parameters = { lamp_id: 1, patience_ms: 60_000 };
    const plan = await planOf(lamps.subject, 'switch_lamp', parameters);
    lamps.house.postFaults = ['cut_after'];
    const stop = new AbortController();
    const { result } = await drain(
      lamps.subject.apply(plan, { signal: stop.signal }),
      ({ kind }) => {
        if (kind === 'sent') stop.abort();
      },
    );
    expect(result).toMatchObject({ state: 'verifying', answerLost: true });
    expect(await lamps.engine.runs.recover()).toMatchObject([
      { runId: result.runId, state: 'succeeded', error: null },
    ]);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is taken over by a process that follows the run', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, patience_ms: 60_000 });
    const worker = startWorker(lamps.directory, { do: 'apply', plan });
    await worker.said(({ kind }) => kind === 'verifying');
    const runId = String(worker.told[0]?.['runId']);
    const following = drain(lamps.engine.runs.follow(runId), ({ kind }) => {
      if (kind === 'joined') worker.kill('SIGKILL');
      if (kind === 'recovering') lamps.house.lamps.set(1, { on: true, wiring: 1 });
    });
    const { events, result } = await following;
    expect(events.map(({ kind }) => kind)).toContain('recovering');
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('does not keep the next run waiting, when reading can settle it at once', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const worker = startWorker(lamps.directory, { do: 'apply', plan, at: { kind: 'claimed' } });
    await worker.gone;
    await untilAbandoned(lamps, String(worker.told[0]?.['runId']));
    const next = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    const { result } = await drain(lamps.subject.apply(next));
    expect(result.state).toBe('succeeded');
    expect(await lamps.engine.runs.list({ states: ['failed'] })).toHaveLength(1);
  });
});

describe('an owner that was frozen and wakes', () => {
  it.each(['sending', 'intended'] as const)(
    'at %s sends nothing, for others have taken its run over',
    async (kind) => {
      await using lamps = await openLamps();
      const parameters = { lamp_id: 1, patience_ms: 500 };
      const plan = await planOf(lamps.subject, 'switch_lamp', parameters);
      const at = { kind };
      const worker = startWorker(lamps.directory, {
        do: 'apply',
        plan,
        at,
        signal: 'SIGSTOP',
      });
      const { runId } = await worker.said((told) => told['kind'] === kind);
      await untilAbandoned(lamps, String(runId));
      const [recovered] = await lamps.engine.runs.recover();
      expect(recovered?.state).toBe(kind === 'sending' ? 'failed' : 'unknown');
      worker.kill('SIGCONT');
      await worker.gone;
      expect(worker.told.at(-1)).toMatchObject({ code: 'FENCED' });
      expect(lamps.house.changes).toEqual([]);
      expect(await lamps.engine.runs.get(String(runId))).toMatchObject({
        state: recovered?.state,
      });
    },
  );
});

describe('an owner that lives', () => {
  it('counts as alive, however long the server takes to answer', async () => {
    const ledgerLimits = { ownerTtlMs: 600, permitMarginMs: 100 };
    await using lamps = await openLamps({ ledgerLimits });
    lamps.house.postFaults = ['hang_after'];
    lamps.house.isWired = false;
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const stop = new AbortController();
    const running = drain(lamps.subject.apply(plan, { signal: stop.signal }));
    while (lamps.house.changes.length === 0) await new Promise(setImmediate);
    const { engine } = await lamps.open(ADA);
    const ledger = await engine.openLedger();
    const until = performance.now() + 3 * ledgerLimits.ownerTtlMs;
    while (performance.now() < until) {
      expect(await ledger.runs.abandoned()).toEqual([]);
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    stop.abort();
    // From then on any runner may take it over.
    expect((await running).result).toMatchObject({ state: 'verifying', answerLost: true });
    expect(await ledger.runs.abandoned()).toHaveLength(1);
  });
});
