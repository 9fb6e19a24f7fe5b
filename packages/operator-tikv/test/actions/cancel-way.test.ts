import type { JsonObject } from 'operator-core';
import type { RunEvent, RunResult } from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim } from 'operator-tikv-sim';
import { expect, test } from 'vitest';
import { until } from '../gate/arena.ts';
import { openSubject } from '../open-subject.ts';
import { VERSIONS } from './support.ts';

const MOVES: readonly (readonly [string, JsonObject])[] = [
  ['transfer_leader', { region_id: 9, to_store_id: '3' }],
  ['transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '4' }],
];

const CASES = VERSIONS.flatMap((version) => MOVES.map((move) => [version, ...move] as const));

test.for(CASES)(
  "on PD %s a run of %s is cancelled by cancelling PD's operator",
  async ([version, action, parameters], { onTestFinished }) => {
    const sim = await startTikvSim({ version });
    onTestFinished(() => sim.stop());
    const { engine, subject, close } = await openSubject(sim.endpoints, { followMs: 20 });
    onTestFinished(close);
    sim.faults.holdOperators();
    const planned = await subject.plan(action, parameters);
    if (planned.kind !== 'plan') throw new Error(`planning came to ${planned.kind}`);
    const cancelling: Promise<unknown>[] = [];
    let result;
    for await (const event of subject.apply(planned.plan)) {
      if (event.kind === 'verifying' && cancelling.length === 0) {
        cancelling.push(engine.runs.cancel(event.runId, { reason: 'not now' }));
      }
      if (event.kind === 'finished') ({ result } = event);
    }
    expect(result).toMatchObject({ state: 'cancelled', error: { code: 'EFFECT_CANCELLED' } });
    expect(await Promise.all(cancelling)).toMatchObject([{ outcome: 'cancelled' }]);
    const [own] = await engine.runs.list({ of: result?.runId ?? '' });
    expect(own).toMatchObject({ action: 'cancel_operator', state: 'succeeded' });
    expect(sim.model.record(9)).toMatch(/^status: CANCEL, /u);
  },
);

test.for(VERSIONS)(
  "on PD %s a run is cancelled although a checker's operator follows at once, which is left alone",
  async (version, { onTestFinished }) => {
    const sim = await startTikvSim({ version, stepMs: 20 });
    onTestFinished(() => sim.stop());
    const { engine, subject, close } = await openSubject(sim.endpoints, { followMs: 20 });
    onTestFinished(close);
    const planned = await subject.plan('transfer_peer', {
      region_id: 9,
      from_store_id: '3',
      to_store_id: '4',
    });
    if (planned.kind !== 'plan') throw new Error(`planning came to ${planned.kind}`);
    const cancelling: Promise<unknown>[] = [];
    let result;
    for await (const event of subject.apply(planned.plan)) {
      if (event.kind === 'sent') {
        while (sim.model.region(9)?.peers.length === 3) sim.clock.advance(10);
        sim.faults.holdOperators();
      }
      // From then on a look at the region asks for its operator too.
      if (event.kind === 'verifying' && hasOperator(event) && cancelling.length === 0) {
        cancelling.push(engine.runs.cancel(event.runId, { reason: 'not now' }));
        cancelling.push(letCheckersFollow(sim));
      }
      if (event.kind === 'finished') ({ result } = event);
    }
    expect(sim.model.runningOperator(9)).toMatch(/^remove-orphan-peer/u);
    expect(result).toMatchObject({
      state: 'cancelled',
      error: {
        code: 'EFFECT_CANCELLED',
        facts: { remains: { summary: expect.stringContaining('remove-orphan-peer') } },
      },
    });
    const [cancelled] = await Promise.all(cancelling);
    expect(cancelled).toMatchObject({ outcome: 'cancelled' });
    const [own] = await engine.runs.list({ of: result?.runId ?? '' });
    expect(own).toMatchObject({ action: 'cancel_operator', state: 'succeeded' });
  },
);

function hasOperator({ verification }: RunEvent & { readonly kind: 'verifying' }): boolean {
  return verification?.facts['operator'] !== undefined;
}

/** PD's checkers notice the rest of a cancelled operator before the cancel is proven. */
async function letCheckersFollow({ model, clock }: TikvSim): Promise<void> {
  await until(() => model.record(9)?.startsWith('status: CANCEL, ') === true);
  clock.advance(200);
}

test.for(CASES)(
  'on PD %s cancel_operator is not blocked by a run of %s that was started without waiting',
  async ([version, action, parameters], { onTestFinished }) => {
    const sim = await startTikvSim({ version });
    onTestFinished(() => sim.stop());
    const { engine, subject, close } = await openSubject(sim.endpoints);
    onTestFinished(close);
    sim.faults.holdOperators();
    const moving = await subject.plan(action, parameters);
    if (moving.kind !== 'plan') throw new Error(`planning came to ${moving.kind}`);
    const accepted = await lastResult(subject.apply(moving.plan, { wait: false }));
    expect(accepted).toMatchObject({ state: 'verifying', error: null });
    const cancel = await subject.plan('cancel_operator', { region_id: 9 });
    if (cancel.kind !== 'plan') throw new Error(`planning came to ${cancel.kind}`);
    const cancelled = await lastResult(subject.apply(cancel.plan));
    expect(cancelled).toMatchObject({ state: 'succeeded', error: null });
    const run = await engine.runs.get(cancelled?.runId ?? '');
    expect(run.purpose).toEqual({ kind: 'cancel', of: accepted?.runId });
  },
);

async function lastResult(events: AsyncIterable<RunEvent>): Promise<RunResult | undefined> {
  let result: RunResult | undefined;
  for await (const event of events) if (event.kind === 'finished') ({ result } = event);
  return result;
}
