import type { RunEvent } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { ALLOW_ALL, BOB, openLamps } from './support/open-lamps.ts';
import type { Lamps } from './support/open-lamps.ts';
import { planOf } from './support/plan-of.ts';
import { startWorker } from './support/start-worker.ts';
import { untilAbandoned } from './support/until-abandoned.ts';

/** A run that may start. */
async function submit({ subject }: Lamps, lampId = 1): Promise<string> {
  const plan = await planOf(subject, 'switch_lamp', { lamp_id: lampId });
  return (await subject.submit(plan)).run.id;
}

/** Sequence numbers of the audit entries among events. */
function sequencesOf(events: readonly RunEvent[]): readonly number[] {
  return events.flatMap((event) => (event.kind === 'entry' ? [event.entry.sequence] : []));
}

describe('a run that was started without a listener', () => {
  it('comes to its end although its followers stop reading, and holds up no later run', async () => {
    await using lamps = await openLamps();
    const runId = await submit(lamps);
    const idle = lamps.engine.runs.follow(runId);
    const stalled = lamps.engine.runs.follow(runId);
    await stalled.next();
    const { done } = await lamps.engine.runs.start(runId);
    expect(await done).toMatchObject({ runId, state: 'succeeded' });
    expect(lamps.house.changes).toHaveLength(1);
    // The one that has not read yet still sees everything.
    const { events, result } = await drain(idle);
    expect(result.state).toBe('succeeded');
    const all = await lamps.engine.runs.events(runId);
    expect(sequencesOf(events)).toEqual(all.map(({ sequence }) => sequence));
    // One follower still waits for its caller: it keeps nothing from the next run.
    const next = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1, on: false });
    expect((await drain(lamps.subject.apply(next))).result.state).toBe('succeeded');
    await stalled.return(result);
  });

  it('is followed further from where another process stopped', async () => {
    await using lamps = await openLamps();
    const runId = await submit(lamps);
    const first: RunEvent[] = [];
    for await (const event of lamps.engine.runs.follow(runId)) {
      first.push(event);
      if (event.kind === 'entry') break;
    }
    await (
      await lamps.engine.runs.start(runId)
    ).done;
    const after = sequencesOf(first).at(-1);
    const { engine } = await lamps.open(BOB);
    const { events } = await drain(engine.runs.follow(runId, { after }));
    const all = (await engine.runs.events(runId)).map(({ sequence }) => sequence);
    expect([...sequencesOf(first), ...sequencesOf(events)]).toEqual(all);
  });

  it('is refused at once when something keeps it from starting', async () => {
    const policy = ALLOW_ALL.replace(
      'rules:',
      'rules:\n  - { id: ask, when: {}, decision: needs_approval, reason: Ask. }',
    );
    await using lamps = await openLamps({ policy });
    const runId = await submit(lamps);
    const error = await failureOf(lamps.engine.runs.start(runId));
    expect(error).toMatchObject({ code: 'NEEDS_APPROVAL', facts: { runId } });
    expect(await lamps.engine.close()).toEqual([]);
  });

  it('is carried out once when it is started twice', async () => {
    await using lamps = await openLamps();
    const runId = await submit(lamps);
    const started = await Promise.all([
      lamps.engine.runs.start(runId),
      lamps.engine.runs.start(runId),
    ]);
    const results = await Promise.all(started.map(({ done }) => done));
    expect(results.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(lamps.house.changes).toHaveLength(1);
  });

  it('is named when the engine is closed before its end, and settled by another one', async () => {
    await using lamps = await openLamps();
    lamps.house.readsUntilEffect = 1_000;
    const runId = await submit(lamps);
    const { done } = await lamps.engine.runs.start(runId);
    for await (const event of lamps.engine.runs.follow(runId)) {
      if (event.kind === 'entry' && event.entry.kind === 'request_settled') break;
    }
    const left = await lamps.engine.close();
    expect(left).toMatchObject([{ runId, state: 'verifying' }]);
    expect(await done).toMatchObject({ state: 'verifying', error: { code: 'INTERRUPTED' } });
    lamps.house.lamps.set(1, { on: true, wiring: 1 });
    const { engine } = await lamps.open(BOB);
    const { result } = await drain(engine.runs.follow(runId));
    expect(result.state).toBe('succeeded');
    expect(lamps.house.changes).toHaveLength(1);
  });
});

describe('a follower that takes a run over from a dead process', () => {
  it('settles it although its caller stops reading in the middle', async () => {
    await using lamps = await openLamps();
    const plan = await planOf(lamps.subject, 'switch_lamp', { lamp_id: 1 });
    const worker = startWorker(lamps.directory, { do: 'apply', plan, at: { kind: 'sent' } });
    await worker.gone;
    const runId = String(worker.told[0]?.['runId']);
    await untilAbandoned(lamps, runId);
    const follower = lamps.engine.runs.follow(runId);
    let kind = '';
    while (kind !== 'recovering') {
      const { value } = await follower.next();
      ({ kind } = value as RunEvent);
    }
    await expect
      .poll(async () => (await lamps.engine.runs.get(runId)).state, { timeout: 10_000 })
      .toBe('succeeded');
    expect((await drain(follower)).result.state).toBe('succeeded');
  });
});
