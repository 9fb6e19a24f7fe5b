import type { LedgerCheck } from './ledger-check.ts';
import { ann, ben, runner } from './plans.ts';
import { failureOf } from './failure-of.ts';
import { MINUTE, SECOND } from './test-clock.ts';

const accepted = { outcome: 'accepted', status: 200, answer: 'done' } as const;

export const journalChecks: readonly LedgerCheck[] = [
  {
    id: 'journal:intend:once',
    title: 'lets a request be sent once, whichever runner asks',
    async run(desk, expect) {
      const { runs, limits } = desk.ledger;
      const { id, fence } = await desk.claimed({ requests: 2 });
      const first = await runs.intend(id, { fence, index: 0 });
      const validForMs = limits.ownerTtlMs - limits.permitMarginMs;
      expect(first).toEqual({ outcome: 'may_send', validForMs });
      const again = await runs.intend(id, { fence, index: 0 });
      expect(again).toEqual({ outcome: 'already_intended', result: null });
      await runs.recordResult(id, { fence, index: 0 }, accepted);
      const settled = await runs.intend(id, { fence, index: 0 });
      expect(settled).toEqual({ outcome: 'already_intended', result: accepted });
      expect((await runs.intend(id, { fence, index: 1 })).outcome).toBe('may_send');
    },
  },
  {
    id: 'journal:intend:seen-by-all',
    title: 'shows what was intended to every other process at once',
    async run(desk, expect) {
      const { id, fence } = await desk.claimed({ requests: 2 });
      await desk.ledger.runs.intend(id, { fence, index: 0 });
      const other = await desk.another();
      const { requests } = await other.runs.get(id);
      expect(requests).toEqual([
        {
          index: 0,
          request: {
            protocol: 'http',
            purpose: 'step 0',
            method: 'POST',
            path: '/steps/0',
            body: null,
            target: ['http://lamps.test'],
          },
          intendedAt: '2026-03-01T12:00:00.000Z',
          settledAt: null,
          result: null,
        },
      ]);
    },
  },
  {
    id: 'journal:intend:refused',
    title: 'lets nothing be sent that is not planned, or by a run that is not executing',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const { id, fence } = await desk.claimed();
      for (const index of [1, -1, 0.5]) {
        const error = await failureOf(runs.intend(id, { fence, index }));
        expect(error.code).toBe('REQUEST_NOT_PLANNED');
      }
      await runs.move(id, { fence, to: 'verifying' });
      const late = await failureOf(runs.intend(id, { fence, index: 0 }));
      expect(late.code).toBe('RUN_STATE_CONFLICT');
      expect((await runs.get(id)).requests).toEqual([]);
    },
  },
  {
    id: 'journal:settle:first-answer',
    title: 'keeps the first answer to a request, in all its forms',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const refusal = {
        code: 'LAMP_GONE',
        message: 'It is gone.',
        facts: { lamp: 1 },
        remedy: 'Wait.',
      };
      const results = [
        accepted,
        { outcome: 'refused', status: 400, answer: 'no', refusal },
        { outcome: 'not_sent', reason: 'no connection' },
        { outcome: 'unknown', reason: 'cut' },
      ] as const;
      const { id, fence } = await desk.claimed({ requests: results.length });
      for (const [index, result] of results.entries()) {
        await runs.intend(id, { fence, index });
        await runs.recordResult(id, { fence, index }, result);
        await runs.recordResult(
          id,
          { fence, index },
          { outcome: 'unknown', reason: 'a later one' },
        );
      }
      const { requests } = await runs.get(id);
      expect(requests.map(({ result }) => result)).toEqual(results);
    },
  },
  {
    id: 'journal:mode',
    title: 'reads mode and kill switch again before every request',
    async run(desk, expect) {
      const { mode, runs } = desk.ledger;
      const other = await desk.another();
      const { id, fence } = await desk.claimed({ requests: 4 });
      const intend = async (index: number) => runs.intend(id, { fence, index });
      expect((await intend(0)).outcome).toBe('may_send');
      await other.mode.stop({ by: ben, reason: 'fire' });
      expect(await intend(1)).toMatchObject({ outcome: 'stopped', because: 'kill_switch' });
      expect((await runs.signals(id, fence)).stopped).toMatchObject({ because: 'kill_switch' });
      await other.mode.resume({ by: ben, reason: 'out' });
      for (const [set, because] of [
        ['observe', 'observe_mode'],
        ['guarded', 'guarded_mode'],
      ] as const) {
        await other.mode.set(set, { by: ben, reason: 'careful' });
        expect(await intend(1)).toMatchObject({ outcome: 'stopped', because });
      }
      await mode.set('autonomous', { by: ann, reason: 'on' });
      expect((await runs.signals(id, fence)).stopped).toBeNull();
      expect((await intend(1)).outcome).toBe('may_send');
      expect((await runs.get(id)).requests).toHaveLength(2);
    },
  },
  {
    id: 'journal:mode:cancels',
    title: 'lets what takes back go on when it is stopped so, and nothing else',
    async run(desk, expect) {
      const { mode, runs } = desk.ledger;
      const running = await desk.claimed({ lock: ['lamp:1'] });
      const purpose = { kind: 'cancel', of: running.id } as const;
      const back = await desk.approved({ lock: ['lamp:1'] }, { purpose });
      await mode.stop({ by: ben, reason: 'fire' });
      expect((await desk.claim(back.id)).outcome).toBe('stopped');
      await mode.stop({ by: ben, reason: 'fire', allowsCancels: true });
      const answer = await desk.claim(back.id);
      const fence = 'fence' in answer ? answer.fence : 0;
      expect((await runs.intend(back.id, { fence, index: 0 })).outcome).toBe('may_send');
      const other = await runs.intend(running.id, { fence: running.fence, index: 0 });
      expect(other.outcome).toBe('stopped');
    },
  },
  {
    id: 'owner:alive',
    title: 'leaves a run to its owner while that lives',
    async run(desk, expect) {
      const { runs, runners, limits } = desk.ledger;
      const { id } = await desk.claimed({}, { by: runner('r1') });
      for (let beat = 0; beat < 4; beat += 1) {
        desk.clock.pass(limits.ownerTtlMs - 1);
        expect(await runs.abandoned()).toEqual([]);
        expect((await runs.takeOver(id, runner('r2'))).outcome).toBe('owned');
        await runners.beat(runner('r1'));
      }
    },
  },
  {
    id: 'owner:intend-beats',
    title: 'counts a request that is intended as a sign of life',
    async run(desk, expect) {
      const { runs, limits } = desk.ledger;
      const { id, fence } = await desk.claimed();
      desk.clock.pass(limits.ownerTtlMs - 1);
      await runs.intend(id, { fence, index: 0 });
      desk.clock.pass(limits.ownerTtlMs - 1);
      expect((await runs.takeOver(id, runner('r2'))).outcome).toBe('owned');
    },
  },
  {
    id: 'owner:dead',
    title: 'gives a dead owner’s run to another, and fences the one that wakes up',
    async run(desk, expect) {
      const { runs, limits } = desk.ledger;
      const frozen = await desk.claimed({ requests: 2, lock: ['lamp:1'] }, { by: runner('r1') });
      const { id } = frozen;
      const old = { fence: frozen.fence, index: 0 };
      await runs.intend(id, old);
      desk.clock.pass(limits.ownerTtlMs);
      expect((await runs.abandoned()).map((run) => run.id)).toEqual([id]);
      const taken = await runs.takeOver(id, runner('r2', { actor: ben }));
      expect(taken).toMatchObject({ outcome: 'taken', run: { owner: 'r2', state: 'executing' } });
      const fence = 'fence' in taken ? taken.fence : 0;
      expect(await runs.abandoned()).toEqual([]);

      const next = { fence: frozen.fence, index: 1 };
      expect(await runs.intend(id, next)).toMatchObject({
        outcome: 'fenced',
        run: { owner: 'r2' },
      });
      expect((await runs.signals(id, frozen.fence)).isFenced).toBe(true);
      const move = { fence: frozen.fence, to: 'verifying' } as const;
      expect((await failureOf(runs.move(id, move))).code).toBe('FENCED');
      const note = runs.note(id, frozen.fence, { what: 'x', details: {} });
      expect((await failureOf(note)).code).toBe('FENCED');
      expect((await failureOf(runs.recordResult(id, old, accepted))).code).toBe('FENCED');
      const { requests, state } = await runs.get(id);
      expect(
        requests.map(({ result }) => result),
        'its answer is known',
      ).toEqual([accepted]);
      expect(state).toBe('executing');

      const again = await runs.intend(id, { fence, index: 0 });
      expect(again.outcome, 'never sent twice').toBe('already_intended');
      await runs.move(id, { fence, to: 'verifying' });
      const third = await desk.approved({ lock: ['lamp:1'] });
      expect((await desk.claim(third.id)).outcome, 'the locks went with the run').toBe('held');
      await runs.move(id, { fence, to: 'succeeded' });
      expect((await desk.claim(third.id)).outcome).toBe('claimed');
    },
  },
  {
    id: 'owner:one-takes-over',
    title: 'lets one of many take an abandoned run over',
    async run(desk, expect) {
      const { id } = await desk.claimed();
      desk.clock.pass(MINUTE);
      const other = await desk.another();
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name, at) =>
          (at % 2 === 0 ? desk.ledger : other).runs.takeOver(id, runner(name)),
        ),
      );
      const outcomes = answers.map(({ outcome }) => outcome).toSorted();
      expect(outcomes).toEqual(['owned', 'owned', 'owned', 'taken']);
    },
  },
  {
    id: 'owner:leaves',
    title: 'takes a runner that left for dead at once, and one that beats again for alive',
    async run(desk, expect) {
      const { runs, runners } = desk.ledger;
      const watch = runner('w1', { role: 'watch' });
      const { id } = await desk.claimed({}, { by: watch });
      const status = (isAlive: boolean) => [expect.objectContaining({ ...watch, isAlive })];
      expect(await runners.list()).toEqual(status(true));
      await runners.leave('w1');
      expect(await runners.list(), 'it still owns a run').toEqual(status(false));
      expect((await runs.abandoned()).map((run) => run.id)).toEqual([id]);
      await runners.beat(watch);
      expect(await runs.abandoned()).toEqual([]);
      await runners.beat(runner('idle'));
      desk.clock.pass(MINUTE);
      expect(await runners.list(), 'who is dead and owns nothing is gone').toEqual(status(false));
    },
  },
  {
    id: 'owner:unknown',
    title: 'lets one runner at a time settle an unknown run by reading',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const { id } = await desk.ended('unknown');
      const taken = await runs.takeOver(id, runner('r2'));
      expect(taken).toMatchObject({ outcome: 'taken', run: { state: 'unknown' } });
      expect((await runs.takeOver(id, runner('r3'))).outcome).toBe('owned');
      const fence = 'fence' in taken ? taken.fence : 0;
      expect((await runs.signals(id, fence)).isFenced, 'it may look').toBe(false);
      expect(await runs.intend(id, { fence, index: 0 })).toMatchObject({ outcome: 'fenced' });
      const moved = await runs.move(id, { fence, to: 'succeeded' });
      expect(moved).toMatchObject({ state: 'succeeded', owner: null });
      expect((await runs.signals(id, fence)).isFenced).toBe(true);
      expect((await runs.takeOver(id, runner('r3'))).outcome).toBe('not_under_way');
    },
  },
  {
    id: 'owner:not-under-way',
    title: 'takes over nothing that has not begun',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      for (const { id } of [await desk.planned(), await desk.approved()]) {
        expect((await runs.takeOver(id, runner('r2'))).outcome).toBe('not_under_way');
      }
      desk.clock.pass(SECOND);
      expect(await runs.abandoned()).toEqual([]);
    },
  },
];
