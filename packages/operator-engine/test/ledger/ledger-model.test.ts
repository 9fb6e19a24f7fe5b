import { rmSync } from 'node:fs';
import * as fc from 'fast-check';
import type { SendResult } from 'operator-core';
import { OperatorError } from 'operator-core';
import { expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import type { RunState } from '../../src/ledger/run-state.ts';
import { APPROVAL_MS, LedgerModel, TTL_MS } from './model.ts';
import type { ModelRun } from './model.ts';
import { allow, ann, needs, planOf, POLICY, runner } from '../../src/ledger-suite/plans.ts';
import { temporaryLedger } from './temporary.ts';
import { MINUTE, TestClock } from '../../src/ledger-suite/test-clock.ts';

// A longer search is asked for from outside.
const RUNS = Number(process.env['OPERATOR_MODEL_RUNS'] ?? 60);

/** Findings of the check where a clock was set back and nothing was written down since. */
const SET_BACK = 'or the machine’s clock was set back since';

/** What the test remembers of the real runs, beside the model's. */
interface RealRun {
  readonly id: string;
  readonly digest: string;
  /** Every fence it ever had, oldest first: late owners come back with old ones. */
  readonly fences: number[];
}

interface World {
  readonly model: LedgerModel;
  readonly clock: TestClock;
  readonly file: string;
  readonly ledgers: Ledger[];
  readonly real: RealRun[];
}

/** One step: it is played on the model and on the ledger, and both must come to the same. */
interface Step {
  readonly name: string;
  play(world: World, ledger: Ledger): Promise<void>;
}

function agree(actual: unknown, expected: unknown): void {
  if (actual === expected) return;
  throw new Error(`the ledger came to ${String(actual)}, the model to ${String(expected)}`);
}

const conflicts = async (work: Promise<unknown>): Promise<string> => {
  try {
    const result = await work;
    const outcome: unknown = Object(result).outcome;
    return typeof outcome === 'string' ? outcome : 'done';
  } catch (error) {
    if (OperatorError.isInstance(error)) return error.code;
    throw error;
  }
};

function pick(world: World, at: number): { run: ModelRun; real: RealRun } | null {
  const run = world.model.runs[at % world.model.runs.length];
  const real = world.real[at % world.real.length];
  return run === undefined || real === undefined ? null : { run, real };
}

type Play = (
  picked: { run: ModelRun; real: RealRun },
  tools: { world: World; ledger: Ledger },
) => Promise<void>;

const place = fc.nat({ max: 30 });

/** A step on one of the runs there are. */
function onRun<Given>(name: string, given: fc.Arbitrary<Given>, play: (given: Given) => Play) {
  return fc.tuple(place, given).map(([at, value]): Step => ({
    name: `${name} ${at} ${JSON.stringify(value)}`,
    play: async (world, ledger) => {
      const picked = pick(world, at);
      if (picked !== null) await play(value)(picked, { world, ledger });
    },
  }));
}

const create = fc
  .record({
    needed: fc.constantFrom(0, 0, 1, 2),
    locks: fc.subarray(['lamp:1', 'lamp:2', 'lamp:3']),
    lease: fc.constantFrom(null, null, 'lamp:1', 'lamp:2'),
    forMs: fc.constantFrom(2 * MINUTE, 60 * MINUTE),
  })
  .map((run): Step => ({
    name: `create ${JSON.stringify(run)}`,
    play: async ({ model, real }, ledger) => {
      const { locks: lock, lease, forMs: expiresInMs } = run;
      const plan = planOf({ lock, requests: 2, ...(lease === null ? {} : { lease }) });
      const made = await ledger.runs.create({ plan, requester: ann, expiresInMs });
      agree(made.created, true);
      model.create(run);
      real.push({ id: made.run.id, digest: plan.digest, fences: [0] });
    },
  }));

const decide = onRun(
  'decide',
  fc.constant(null),
  () =>
    async ({ run, real }, { world, ledger }) => {
      const decision = run.needed === 0 ? allow : needs(run.needed);
      const { decided } = await ledger.runs.decide(real.id, decision, ann);
      agree(decided, world.model.decide(run));
    },
);

const person = fc.constantFrom('ben', 'cleo', 'dora');
const approve = onRun('approve', person, (name) => async ({ run, real }, { world, ledger }) => {
  const approver = { kind: 'person', name } as const;
  const given = { runId: real.id, digest: real.digest, approver, policyVersion: POLICY };
  const expected = world.model.approve(run, name);
  const outcome = await conflicts(ledger.approvals.approve(given));
  agree(outcome, expected === 'conflict' ? 'RUN_STATE_CONFLICT' : 'done');
});

const name = fc.constantFrom('r1', 'r2', 'r3');
const claim = onRun('claim', name, (by) => async ({ run, real }, { world, ledger }) => {
  const terms = { runner: runner(by), decision: allow };
  const expected = world.model.claim(run, by);
  const claiming = ledger.runs.claim(real.id, terms);
  agree(await conflicts(claiming), expected);
  const answer = expected === 'claimed' ? await claiming : null;
  if (answer?.outcome === 'claimed') real.fences.push(answer.fence);
});

/** Mostly the present owner, sometimes one that was frozen. */
const age = fc.constantFrom(0, 0, 0, 1);
const fenceOf = ({ fences }: RealRun, back: number) => fences.at(-1 - back) ?? fences[0] ?? 0;

const intending = fc.record({ index: fc.nat({ max: 1 }), back: age });
const intend = onRun('intend', intending, ({ index, back }) => async ({ run, real }, tools) => {
  const fence = fenceOf(real, back);
  const expected = tools.world.model.intend(run, index, fence === real.fences.at(-1));
  const outcome = await conflicts(tools.ledger.runs.intend(real.id, { fence, index }));
  agree(outcome, expected === 'conflict' ? 'RUN_STATE_CONFLICT' : expected);
});

const results: readonly SendResult[] = [
  { outcome: 'accepted', status: 200, answer: 'ok' },
  { outcome: 'refused', status: 400, answer: 'no' },
  { outcome: 'not_sent', reason: 'no connection' },
  { outcome: 'unknown', reason: 'cut' },
];
const settling = fc.record({
  index: fc.nat({ max: 1 }),
  back: age,
  result: fc.constantFrom(...results),
});
const settle = onRun(
  'settle',
  settling,
  ({ index, back, result }) =>
    async ({ run, real }, tools) => {
      const fence = fenceOf(real, back);
      tools.world.model.settle(run, index, result.outcome);
      const outcome = await conflicts(
        tools.ledger.runs.recordResult(real.id, { fence, index }, result),
      );
      agree(outcome, fence === real.fences.at(-1) ? 'done' : 'FENCED');
    },
);

const targets: readonly RunState[] = [
  'verifying',
  'verifying',
  'succeeded',
  'ineffective',
  'failed',
  'unknown',
  'cancelled',
  'approved',
  'undone',
];
const moving = fc.record({ to: fc.constantFrom(...targets), back: age });
const move = onRun('move', moving, ({ to, back }) => async ({ run, real }, { world, ledger }) => {
  const fence = fenceOf(real, back);
  const expected = world.model.move(run, to, fence === real.fences.at(-1));
  const outcome = await conflicts(ledger.runs.move(real.id, { fence, to }));
  const codes = { moved: 'done', fenced: 'FENCED', conflict: 'RUN_STATE_CONFLICT' };
  agree(outcome, codes[expected]);
});

const cancel = onRun(
  'cancel',
  fc.constant(null),
  () =>
    async ({ run, real }, { world, ledger }) => {
      const answer = await ledger.runs.cancel(real.id, { by: ann, reason: 'enough' });
      agree(answer.outcome, world.model.cancel(run));
    },
);

const takeOver = onRun('take over', name, (by) => async ({ run, real }, { world, ledger }) => {
  const answer = await ledger.runs.takeOver(real.id, runner(by));
  agree(answer.outcome, world.model.takeOver(run, by));
  if (answer.outcome === 'taken') real.fences.push(answer.fence);
});

const closeLease = onRun('close lease', fc.constant(null), () => async ({ run, real }, tools) => {
  const change = { state: 'ended', by: ann, reason: 'gone' } as const;
  const expected = tools.world.model.closeLease(run);
  const outcome = await conflicts(tools.ledger.leases.close(real.id, change));
  const codes = { closed: 'done', conflict: 'LEASE_STATE_CONFLICT', missing: 'LEASE_NOT_FOUND' };
  agree(outcome, codes[expected]);
});

const beat = name.map((by): Step => ({
  name: `beat ${by}`,
  play: async ({ model }, ledger) => {
    model.beats.set(by, model.now);
    await ledger.runners.beat(runner(by));
  },
}));

const pass = fc
  .constantFrom(1_000, TTL_MS - 1, TTL_MS, 2 * MINUTE, APPROVAL_MS)
  .map((ms): Step => ({
    name: `pass ${ms}`,
    play: async ({ model, clock }) => {
      model.now += ms;
      model.wall += ms;
      clock.pass(ms);
    },
  }));

const jumpBack = fc.constant<Step>({
  name: 'jump back an hour',
  play: async ({ model, clock }, ledger) => {
    // The ledger knows only times at which it was used.
    await ledger.runners.beat(runner('clockwork'));
    model.wall -= 60 * MINUTE;
    clock.jump(-60 * MINUTE);
  },
});

const killSwitch = fc.boolean().map((on): Step => ({
  name: on ? 'stop' : 'resume',
  play: async ({ model }, ledger) => {
    model.isStopped = on;
    const change = { by: ann, reason: 'x' };
    await (on ? ledger.mode.stop(change) : ledger.mode.resume(change));
  },
}));

const crash = fc.nat({ max: 1 }).map((at): Step => ({
  name: `process ${at} dies and starts again`,
  play: async (world) => {
    await world.ledgers[at]?.close();
    world.ledgers[at] = await open(world);
  },
}));

async function open({ file, clock }: Pick<World, 'file' | 'clock'>): Promise<Ledger> {
  return openLedger({ path: file, clock, limits: { ownerTtlMs: TTL_MS, approvalMs: APPROVAL_MS } });
}

const step = fc.oneof(
  { arbitrary: create, weight: 4 },
  { arbitrary: decide, weight: 4 },
  { arbitrary: approve, weight: 3 },
  { arbitrary: claim, weight: 6 },
  { arbitrary: intend, weight: 4 },
  { arbitrary: settle, weight: 4 },
  { arbitrary: move, weight: 6 },
  { arbitrary: cancel, weight: 1 },
  { arbitrary: takeOver, weight: 2 },
  { arbitrary: closeLease, weight: 1 },
  { arbitrary: beat, weight: 2 },
  { arbitrary: pass, weight: 2 },
  { arbitrary: jumpBack, weight: 1 },
  { arbitrary: killSwitch, weight: 1 },
  { arbitrary: crash, weight: 1 },
);
const steps = fc.array(fc.tuple(step, fc.nat({ max: 1 })), { minLength: 20, maxLength: 60 });

/** The model and the ledger side by side, whole. */
async function views(
  { model, real }: World,
  ledger: Ledger,
): Promise<{ model: unknown[]; ledger: unknown[] }> {
  const sides: { model: unknown[]; ledger: unknown[] } = { model: [], ledger: [] };
  for (const [at, run] of model.runs.entries()) {
    const details = await ledger.runs.get(real[at]?.id ?? '');
    const requests = run.requests.map((_, index) => {
      const request = details.requests.find((journaled) => journaled.index === index);
      return request === undefined ? null : (request.result?.outcome ?? 'intended');
    });
    sides.ledger.push({
      state: details.state,
      owner: details.owner,
      fence: details.fence,
      lease: details.lease?.state ?? null,
      isCancelled: details.cancel !== null,
      requests,
    });
    sides.model.push({
      state: run.state,
      owner: run.owner,
      fence: real[at]?.fences.at(-1),
      lease: run.leaseState,
      isCancelled: run.isCancelled,
      requests: run.requests,
    });
  }
  const abandoned = (await ledger.runs.abandoned()).map(({ id }) => id);
  sides.ledger.push(abandoned);
  sides.model.push(model.abandoned().map((run) => real[model.runs.indexOf(run)]?.id));
  return sides;
}

it(
  'does what a simple model does, whatever two processes do in whatever order',
  async () => {
    const file = temporaryLedger();
    await fc.assert(
      fc.asyncProperty(steps, async (played) => {
        for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
        const clock = new TestClock();
        const ledgers = [await open({ file, clock }), await open({ file, clock })];
        const world: World = { model: new LedgerModel(), clock, file, ledgers, real: [] };
        try {
          for (const [next, by] of played) {
            const ledger = world.ledgers[by];
            if (ledger !== undefined) await next.play(world, ledger);
          }
          for (const ledger of world.ledgers) {
            const sides = await views(world, ledger);
            expect(sides.ledger).toEqual(sides.model);
          }
          const report = await world.ledgers[0]?.maintenance.check();
          const problems = report?.problems.filter((problem) => !problem.endsWith(SET_BACK));
          expect(problems).toEqual([]);
        } finally {
          for (const ledger of world.ledgers) await ledger.close();
        }
      }),
      { numRuns: RUNS },
    );
  },
  60_000 + RUNS * 500,
);
