import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';
import { formatPlanDocument, parsePlanDocument } from 'operator-engine';
import type { RunEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf, runOf } from './support/errors.ts';
import { ALLOW_ALL, BOB, openLamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';

describe('the same plan', () => {
  it('applied by many processes is carried out once, and all of them get its result', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const others = await Promise.all(Array.from({ length: 5 }, () => lamps.open()));
    const applied = await Promise.all(
      [lamps, ...others].map(({ subject }) => drain(subject.apply(plan))),
    );
    expect(lamps.house.changes).toHaveLength(1);
    expect(new Set(applied.map(({ result }) => result.runId)).size).toBe(1);
    expect(applied.map(({ result }) => result.state)).toEqual(applied.map(() => 'succeeded'));
    const claimed = applied.filter(({ events }) => events.some(({ kind }) => kind === 'claimed'));
    expect(claimed).toHaveLength(1);
  });

  it('applied again later returns the result of its run', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const first = await drain(lamps.subject.apply(plan));
    const again = await drain(lamps.subject.apply(plan));
    expect(again.result).toMatchObject({
      runId: first.result.runId,
      state: 'succeeded',
      answerLost: false,
      verification: { state: 'reached' },
      requests: [{ result: { outcome: 'accepted' } }],
      error: null,
    });
    expect(again.events[0]).toMatchObject({ kind: 'recorded', created: false });
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('has a run of which events tell what lists do, and nothing more', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const first = await drain(lamps.subject.apply(plan));
    const again = await drain(lamps.subject.apply(plan));
    const followed = await drain(lamps.engine.runs.follow(first.result.runId));
    const [listed = {}] = await lamps.engine.runs.list();
    const all = [...first.events, ...again.events, ...followed.events];
    const told = all.flatMap((event) => ('run' in event ? [event] : []));
    expect(new Set(told.map(({ kind }) => kind))).toEqual(
      new Set(['recorded', 'decided', 'claimed', 'joined']),
    );
    for (const { kind, run } of told) {
      expect(Object.keys(run).toSorted(), kind).toEqual(Object.keys(listed).toSorted());
    }
  });
});

describe('an idempotency key', () => {
  it('finds its run when the effect is there and could not be planned again', async () => {
    await using lamps = await openLamps();
    const options = { idempotencyKey: 'call-1' };
    const wish = { lamp_id: 1 };
    expect(await lamps.subject.recall('switch_lamp', wish, options)).toBeNull();
    const plan = await planOf(lamps.subject, 'switch_lamp', wish);
    const { result } = await drain(lamps.subject.apply(plan, options));
    expect((await lamps.subject.plan('switch_lamp', wish)).kind).toBe('nothing_to_do');
    const run = await lamps.subject.recall('switch_lamp', wish, options);
    expect(run).toMatchObject({ id: result.runId, state: 'succeeded' });
    const again = await drain(lamps.subject.run(result.runId));
    expect(again.result).toMatchObject({ state: 'succeeded', error: null });
    expect(lamps.house.changes).toHaveLength(1);
    expect(await lamps.subject.recall('switch_lamp', wish, {})).toBeNull();
    const other = await lamps.open(BOB);
    expect(await other.subject.recall('switch_lamp', wish, options)).toBeNull();
  });

  it('and a plan never stand for another time that an effect was asked for', async () => {
    await using lamps = await openLamps();
    const wish = { lamp_id: 1 };
    const plan = await planOf(lamps.subject, 'hold_lamp', wish);
    await lamps.subject.submit(plan, { idempotencyKey: 'call-2' });
    for (const asked of [
      lamps.subject.submit(plan, { leaseMs: 60_000 }),
      lamps.subject.recall('hold_lamp', wish, { idempotencyKey: 'call-2', leaseMs: 60_000 }),
    ]) {
      const error = await failureOf(asked);
      expect(error).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', facts: { leaseMs: null } });
      expect(error.message).toContain('hold_lamp on home, without an end');
    }
  });

  it('gives a retried call the run of the first, although it planned again', async () => {
    await using lamps = await openLamps();
    const options = { idempotencyKey: 'call-7' };
    const first = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const second = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const one = await lamps.subject.submit(first, options);
    const other = await lamps.subject.submit(second, options);
    expect(other).toMatchObject({ created: false, run: { id: one.run.id } });
  });

  it('is refused for another request', async () => {
    await using lamps = await openLamps();
    const options = { idempotencyKey: 'call-7' };
    await lamps.subject.submit(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 }), options);
    const other = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 2 });
    const error = await failureOf(lamps.subject.submit(other, options));
    expect(error).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', kind: 'usage' });
  });
});

describe('what stands in the way, with nothing sent', () => {
  it('policy, with its reasons', async () => {
    const rule = '{ id: none, when: {}, decision: deny, reason: Lamps are holy. }';
    await using lamps = await openLamps({ policy: `rules:\n  - ${rule}\n` });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(drain(lamps.subject.apply(plan)));
    expect(error).toMatchObject({ code: 'POLICY_DENIED', kind: 'refused' });
    expect(error.message).toContain('Lamps are holy.');
    const run = await lamps.engine.runs.get(runOf(error));
    expect(run).toMatchObject({ state: 'refused', decision: { kind: 'deny' } });
    expect(lamps.house.changes).toEqual([]);
  });

  it('a limit of the policy', async () => {
    const policy = ALLOW_ALL.replace('cooldown: none', 'cooldown: 1h');
    await using lamps = await openLamps({ policy });
    const switchLamp = async (on: boolean) =>
      drain(lamps.subject.apply(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, on })));
    const first = await switchLamp(true);
    // The exact inverse: an undo is exempt from the cooldown.
    await switchLamp(false);
    expect(await lamps.engine.runs.get(first.result.runId)).toMatchObject({ state: 'undone' });
    const again = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(drain(lamps.subject.apply(again)));
    expect(error).toMatchObject({
      code: 'LIMIT_REACHED',
      kind: 'refused',
      facts: { limit: 'cooldownMs', resource: 'lamp:1' },
    });
    expect(error.remedy).toMatch(
      /^Run \S+ waits until \S+: a running `watch` starts it after \S+, otherwise it expires\..* `cancel_run`\.$/u,
    );
    expect(lamps.house.changes).toHaveLength(2);
  });

  it('a policy that has changed since it decided', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    writeFileSync(`${lamps.directory}/operator.policy.yaml`, `${ALLOW_ALL}risk: []\n`);
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'POLICY_CHANGED', kind: 'stale' });
    expect(await lamps.engine.runs.get(run.id)).toMatchObject({ state: 'refused' });
  });

  it('another run on the same resource, told by whom and since when', async () => {
    await using lamps = await openLamps();
    const first = await planOf(lamps.subject, 'switch_later', { lamp_id: 1 });
    const second = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    const events = lamps.subject.apply(first);
    const other = await lamps.open(BOB);
    for await (const event of events) {
      if (event.kind !== 'verifying') continue;
      const error = await failureOf(drain(other.subject.apply(second)));
      expect(error).toMatchObject({
        code: 'RESOURCE_HELD',
        retryable: true,
        facts: { holders: [{ resource: 'lamp:1', runId: event.runId, by: 'run' }] },
      });
      expect(error.message).toContain('of ada since');
      break;
    }
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('waits for its turn when asked to, and is checked again then', async () => {
    await using lamps = await openLamps();
    const first = await planOf(lamps.subject, 'switch_later', { lamp_id: 1 });
    const second = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
    const running = drain(lamps.subject.apply(first));
    while (lamps.house.changes.length === 0) await new Promise(setImmediate);
    const other = await lamps.open(BOB);
    const { events, result } = await drain(
      other.subject.apply(second, { patienceMs: 10_000 }),
      ({ kind }) => {
        if (kind === 'held_by') lamps.house.lamps.set(1, { on: true, wiring: 1 });
      },
    );
    expect((await running).result.state).toBe('succeeded');
    expect(result.state).toBe('succeeded');
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('rechecked')).toBeGreaterThan(kinds.lastIndexOf('held_by'));
  });

  it('a plan whose time is over', async () => {
    await using lamps = await openLamps();
    const planned = await lamps.subject.plan('switch_lamp', { lamp_id: 1 }, { validForMs: 0 });
    if (planned.kind !== 'plan') throw new Error('no plan');
    const error = await failureOf(lamps.subject.submit(planned.plan));
    expect(error).toMatchObject({ code: 'PLAN_EXPIRED', kind: 'stale' });
  });

  it('a run that was not started in time', async () => {
    await using lamps = await openLamps({ limits: { startWithinMs: 1 } });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    // On a fast machine the run would start within the millisecond.
    await sleep(5);
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'RUN_EXPIRED', kind: 'stale' });
    expect(await lamps.engine.runs.get(run.id)).toMatchObject({ state: 'expired' });
  });

  it('no actor is configured', async () => {
    await using lamps = await openLamps({ actor: undefined });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(drain(lamps.subject.apply(plan)));
    expect(error).toMatchObject({ code: 'ACTOR_MISSING', kind: 'usage' });
  });

  it('an end for an action without a standing effect', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(lamps.subject.submit(plan, { leaseMs: 1 }));
    expect(error).toMatchObject({ code: 'LEASE_NOT_POSSIBLE', kind: 'usage' });
  });
});

describe('the kill switch', () => {
  it('keeps runs from beginning in every process, until it is lifted', async () => {
    await using lamps = await openLamps();
    const { engine } = await lamps.open(BOB);
    await engine.mode.stop({ reason: 'smoke' });
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const error = await failureOf(drain(lamps.subject.apply(plan)));
    expect(error).toMatchObject({
      code: 'STOPPED',
      kind: 'refused',
      facts: { by: BOB, reason: 'smoke' },
    });
    await engine.mode.resume({ reason: 'false alarm' });
    const { result } = await drain(lamps.subject.apply(plan));
    expect(result.state).toBe('succeeded');
    expect(lamps.house.changes).toHaveLength(1);
  });

  it.each([
    ['sending', 0, 'cancelled', 0],
    ['sending', 1, 'partly_done', 1],
  ] as const)(
    'stops a run in flight before its next side effect: at %s %i it is %s',
    async (kind, index, state, sent) => {
      await using lamps = await openLamps();
      const plan = await planOf(lamps.subject, 'switch_several', { lamp_ids: [1, 2] });
      let runId = '';
      const running = drain(lamps.subject.apply(plan), async (event) => {
        runId = event.runId;
        if (event.kind !== kind || event.index !== index) return;
        await lamps.engine.mode.stop({ reason: 'smoke' });
      });
      const error = sent === 0 ? await failureOf(running) : (await running).result.error;
      const why = sent === 0 ? error?.toJSON() : error?.facts['because'];
      expect(why).toMatchObject({ code: 'STOPPED', facts: { reason: 'smoke' } });
      expect(await lamps.engine.runs.get(runId)).toMatchObject({ state });
      expect(lamps.house.changes).toHaveLength(sent);
    },
  );

  it('with a cancel takes back what the system has in progress', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_later', { lamp_id: 1 });
    const running = drain(lamps.subject.apply(plan));
    while (lamps.house.changes.length === 0) await new Promise(setImmediate);
    const { engine } = await lamps.open(BOB);
    const { cancelled } = await engine.mode.stop({ reason: 'smoke', cancel: true });
    expect(cancelled).toMatchObject([{ outcome: 'cancelled' }]);
    expect((await running).result).toMatchObject({ state: 'cancelled' });
    expect(lamps.house.lamps.get(1)).toMatchObject({ pending: false, on: false });
  });

  it('a mode that allows no such run does the same', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    await lamps.engine.mode.set('observe', { reason: 'night' });
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'MODE_FORBIDS', kind: 'refused' });
    expect(lamps.house.changes).toEqual([]);
  });
});

describe('a cancel', () => {
  it('before the run has begun keeps it from ever sending', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    const cancelled = await lamps.engine.runs.cancel(run.id, { reason: 'not now' });
    expect(cancelled).toMatchObject({ outcome: 'cancelled', run: { state: 'cancelled' } });
    const error = await failureOf(drain(lamps.subject.run(run.id)));
    expect(error).toMatchObject({ code: 'RUN_CANCELLED', kind: 'refused' });
  });

  it('just before sending is seen before the first byte', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { engine } = await lamps.open(BOB);
    const cancelling: Promise<unknown>[] = [];
    const running = drain(lamps.subject.apply(plan), async (event) => {
      if (event.kind !== 'claimed') return;
      const ledger = await engine.openLedger();
      await ledger.runs.cancel(event.runId, { by: BOB, reason: 'not now' });
      cancelling.push(engine.runs.cancel(event.runId, { reason: 'not now' }));
    });
    expect(await failureOf(running)).toMatchObject({ code: 'RUN_CANCELLED' });
    expect(await Promise.all(cancelling)).toMatchObject([{ outcome: 'cancelled' }]);
    expect(lamps.house.changes).toEqual([]);
  });

  it('after sending uses the way of the action, and says what remains', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_later', { lamp_id: 1 });
    const { engine } = await lamps.open(BOB);
    const cancelling: Promise<unknown>[] = [];
    const { events, result } = await drain(lamps.subject.apply(plan), ({ kind, runId }) => {
      if (kind !== 'verifying' || cancelling.length > 0) return;
      cancelling.push(engine.runs.cancel(runId, { reason: 'not now' }));
    });
    expect(result).toMatchObject({
      state: 'cancelled',
      error: { code: 'EFFECT_CANCELLED', kind: 'failed', facts: { by: BOB } },
    });
    expect(result.error?.message).toContain('What remains: The lamp is');
    expect(events.find(({ kind }) => kind === 'cancelling')).toMatchObject({
      by: BOB,
      action: 'forget_later',
    });
    expect(await Promise.all(cancelling)).toMatchObject([{ outcome: 'cancelled' }]);
    expect(lamps.house.lamps.get(1)).toMatchObject({ pending: false, on: false });
    const [own] = await engine.runs.list({ of: result.runId });
    expect(own).toMatchObject({ purpose: { kind: 'cancel' }, requester: BOB, state: 'succeeded' });
  });

  it('removes a standing effect by its inverse, and its lease with it', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'hold_lamp', { lamp_id: 1, settle_ms: 60_000 });
    const { engine } = await lamps.open(BOB);
    const cancelling: Promise<unknown>[] = [];
    const events = lamps.subject.apply(plan, { leaseMs: 3_600_000 });
    const { result } = await drain(events, ({ kind, runId }) => {
      if (kind === 'settling') cancelling.push(engine.runs.cancel(runId, { reason: 'not now' }));
    });
    expect(result).toMatchObject({ state: 'cancelled', lease: { state: 'ended' } });
    expect(await Promise.all(cancelling)).toMatchObject([{ outcome: 'cancelled' }]);
    expect(lamps.house.lamps.get(1)).toMatchObject({ held: false });
    expect(lamps.house.changes).toHaveLength(2);
  });

  it('says that the action cannot be cancelled, and keeps watching', async () => {
    await using lamps = await openLamps();
    lamps.house.isWired = false;
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, patience_ms: 20_000 });
    const { engine } = await lamps.open(BOB);
    const cancelling: Promise<unknown>[] = [];
    const { result } = await drain(lamps.subject.apply(plan), ({ kind, runId }) => {
      if (kind !== 'verifying' || cancelling.length > 0) return;
      const asked = engine.runs.cancel(runId, { reason: 'not now' });
      cancelling.push(asked.finally(() => lamps.house.lamps.set(1, { on: true, wiring: 1 })));
    });
    expect(await Promise.all(cancelling)).toMatchObject([
      { outcome: 'requested', run: { state: 'verifying' } },
    ]);
    expect(result.state).toBe('succeeded');
  });

  it('is too late when the run is over', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    const cancelled = await lamps.engine.runs.cancel(result.runId, { reason: 'not now' });
    expect(cancelled).toMatchObject({ outcome: 'too_late', run: { state: 'succeeded' } });
  });
});

describe('an undo', () => {
  it('plans the inverse, goes through the same gate, and marks the run', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan));
    const undo = await lamps.engine.runs.planUndo(result.runId);
    expect(undo).toMatchObject({ purpose: { kind: 'undo', of: result.runId } });
    const undone = await drain(undo.subject.apply(undo.plan, { purpose: undo.purpose }));
    expect(undone.result.state).toBe('succeeded');
    expect(lamps.house.lamps.get(1)?.on).toBe(false);
    expect(await lamps.engine.runs.get(result.runId)).toMatchObject({ state: 'undone' });
  });

  it.each([
    ['the effect is not there any more', 'switch_lamp', () => ({ on: false, wiring: 1 })],
    ['there is no inverse', 'switch_later', () => ({ on: true, wiring: 1 })],
  ])('is refused when %s', async (_why, action, now) => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, action, { lamp_id: 1 });
    const { result } = await drain(lamps.subject.apply(plan), ({ kind }) => {
      if (kind === 'verifying') lamps.house.lamps.set(1, { on: true, wiring: 1 });
    });
    expect(result.state).toBe('succeeded');
    lamps.house.lamps.set(1, now());
    const before = lamps.house.changes.length;
    const error = await failureOf(lamps.engine.runs.planUndo(result.runId));
    expect(error).toMatchObject({ code: 'UNDO_REFUSED', kind: 'refused' });
    expect(lamps.house.changes).toHaveLength(before);
  });
});

describe('following a run', () => {
  it('tells all that the ledger says of it, from its beginning to its end', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_later', { lamp_id: 1 });
    const { run } = await lamps.subject.submit(plan);
    const running = drain(lamps.subject.run(run.id));
    const other = await lamps.open(BOB);
    const { events, result } = await drain(other.engine.runs.follow(run.id), () => {
      lamps.house.lamps.set(1, { on: true, wiring: 1 });
    });
    await running;
    expect(result).toMatchObject({ runId: run.id, state: 'succeeded', error: null });
    const entries = events.flatMap((event: RunEvent) =>
      event.kind === 'entry' ? [event.entry.kind] : [],
    );
    expect(entries[0]).toBe('run_created');
    expect(entries).toContain('request_intended');
    expect(entries.at(-1)).toBe('run_moved');
  });
});

describe('a plan as a document', () => {
  it('is applied by another engine as it is', async () => {
    await using lamps = await openLamps();
    const text = formatPlanDocument(await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 }));
    const other = await lamps.open(BOB);
    const { result } = await drain(other.subject.apply(parsePlanDocument(text)));
    expect(result.state).toBe('succeeded');
  });
});
