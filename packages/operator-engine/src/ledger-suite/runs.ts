import type { LedgerCheck } from './ledger-check.ts';
import { allow, ann, ben, needs, planOf, POLICY, runner, script } from './plans.ts';
import { failureOf } from './failure-of.ts';
import { isLegalTransition, RUN_STATES } from '../ledger/run-state.ts';
import type { RunState } from '../ledger/run-state.ts';
import { HOUR, SECOND } from './test-clock.ts';

export const runChecks: readonly LedgerCheck[] = [
  {
    id: 'runs:create:once-per-plan',
    title: 'makes one run of a plan; the second caller gets it',
    async run({ ledger }, expect) {
      const request = { plan: planOf(), requester: ann, expiresInMs: HOUR };
      const first = await ledger.runs.create(request);
      const second = await ledger.runs.create({ ...request, requester: ben });
      expect([first.created, second.created]).toEqual([true, false]);
      expect(second.run).toEqual(first.run);
      expect(await ledger.runs.list()).toHaveLength(1);
    },
  },
  {
    id: 'runs:create:once-per-document',
    title: 'makes one run of a document, however often its plan was made again',
    async run({ ledger }, expect) {
      const request = { document: 'sha256:document', requester: ann, expiresInMs: HOUR };
      const first = await ledger.runs.create({ ...request, plan: planOf() });
      const second = await ledger.runs.create({ ...request, plan: planOf(), requester: ben });
      expect([first.created, second.created]).toEqual([true, false]);
      expect(second.run).toEqual(first.run);
      expect(await ledger.runs.find({ document: request.document })).toEqual(first.run);
      expect(await ledger.runs.find({ document: first.run.digest })).toBeNull();
    },
  },
  {
    id: 'runs:create:with-decision',
    title: 'records a new run and its decision together, and only of a new run',
    async run({ ledger }, expect) {
      const request = { plan: planOf(), requester: ann, expiresInMs: HOUR };
      const { run } = await ledger.runs.create({ ...request, decision: needs(1) });
      expect(run.state).toBe('awaiting_approval');
      const kinds = (await ledger.runs.events(run.id)).map(({ kind }) => kind);
      expect(kinds).toEqual(['run_created', 'run_moved']);
      const second = await ledger.runs.create({ ...request, decision: allow });
      expect(second).toEqual({ created: false, run });
      const again = await ledger.runs.decide(run.id, allow, ann);
      expect(again).toEqual({ decided: false, run });
    },
  },
  {
    id: 'runs:find:by-key',
    title: 'finds the run of a requester’s key, and of no other requester’s',
    async run({ ledger }, expect) {
      const request = { requester: ann, expiresInMs: HOUR, idempotencyKey: 'tonight' };
      const { run } = await ledger.runs.create({ ...request, plan: planOf() });
      const known = { document: 'sha256:other', idempotencyKey: 'tonight' };
      expect(await ledger.runs.find({ ...known, requester: ann })).toEqual(run);
      expect(await ledger.runs.find({ ...known, requester: ben })).toBeNull();
      expect(await ledger.runs.find(known)).toBeNull();
    },
  },
  {
    id: 'runs:create:once-per-key',
    title: 'makes one run of a requester’s key, whatever the plan',
    async run({ ledger }, expect) {
      const request = { requester: ann, expiresInMs: HOUR, idempotencyKey: 'tonight' };
      const first = await ledger.runs.create({ ...request, plan: planOf() });
      const retried = await ledger.runs.create({ ...request, plan: planOf() });
      const others = await ledger.runs.create({ ...request, plan: planOf(), requester: ben });
      expect([first.created, retried.created, others.created]).toEqual([true, false, true]);
      expect(retried.run.id).toBe(first.run.id);
    },
  },
  {
    id: 'runs:last-on',
    title: 'knows which run had something for itself last',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const lastOn = async (...resources: readonly string[]) => {
        const states = ['succeeded', 'unknown'] as const;
        const system = { kind: 'lamp-house', id: 'one' };
        return (await runs.lastOn({ system, resources, states }))?.id ?? null;
      };
      const one = await desk.ended('succeeded', { lock: ['lamp:1'] });
      expect(await lastOn('lamp:1')).toBe(one.id);
      desk.clock.pass(SECOND);
      const both = await desk.ended('unknown', { lock: ['lamp:1', 'lamp:2'] });
      desk.clock.pass(SECOND);
      await desk.ended('failed', { lock: ['lamp:1'] });
      await desk.ended('succeeded', { lock: ['lamp:1'], system: 'two' });
      await desk.ended('succeeded', { share: ['lamp:1'] });
      await desk.claimed({ lock: ['lamp:1'] });
      expect([await lastOn('lamp:1'), await lastOn('lamp:2')]).toEqual([both.id, both.id]);
      const other = await desk.ended('succeeded', { lock: ['lamp:3'] });
      expect(await lastOn('lamp:2', 'lamp:3')).toBe(other.id);
      expect([await lastOn('lamp:4'), await lastOn()]).toEqual([null, null]);
    },
  },
  {
    id: 'runs:get:whole',
    title: 'gives a run back with its plan as it was given',
    async run({ ledger }, expect) {
      const plan = planOf({
        lock: ['lamp:1'],
        requests: 2,
        parameters: { level: 3.5, at: ['ä', null] },
      });
      const { run } = await ledger.runs.create({ plan, requester: script, expiresInMs: HOUR });
      const details = await ledger.runs.get(run.id);
      expect(details.plan).toEqual(plan);
      expect(details).toMatchObject({ ...run, requests: [], approvals: [], lease: null });
      expect(run).toMatchObject({
        state: 'planned',
        digest: plan.digest,
        requester: script,
        purpose: { kind: 'change' },
        decision: null,
        createdAt: '2026-03-01T12:00:00.000Z',
        expiresAt: '2026-03-01T13:00:00.000Z',
        startedAt: null,
        endedAt: null,
        owner: null,
        cancel: null,
      });
    },
  },
  {
    id: 'runs:get:unknown',
    title: 'says that a run is not there',
    async run({ ledger }, expect) {
      const { runs } = ledger;
      const calls = [
        async () => runs.get('nobody'),
        async () => runs.events('nobody'),
        async () => runs.decide('nobody', allow, ann),
        async () => runs.claim('nobody', { runner: runner('r1'), decision: allow }),
        async () => runs.intend('nobody', { fence: 1, index: 0 }),
        async () => runs.move('nobody', { fence: 1, to: 'failed' }),
        async () => runs.cancel('nobody', { by: ann, reason: 'x' }),
        async () => runs.takeOver('nobody', runner('r1')),
      ];
      for (const call of calls) expect((await failureOf(call)).code).toBe('RUN_NOT_FOUND');
    },
  },
  {
    id: 'runs:list:pages',
    title: 'lists runs newest first, in pages, by what is asked for',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const a = await desk.planned({ subject: 'a', action: 'switch_lamp' });
      const b = await desk.approved({ subject: 'b' });
      const c = await desk.planned({ subject: 'a', action: 'dim_lamp' }, { requester: ben });
      const ids = async (filter: Parameters<typeof runs.list>[0]) =>
        (await runs.list(filter)).map(({ id }) => id);
      expect(await ids({})).toEqual([c.id, b.id, a.id]);
      expect(await ids({ limit: 2 })).toEqual([c.id, b.id]);
      expect(await ids({ before: b.sequence })).toEqual([a.id]);
      expect(await ids({ subject: 'a' })).toEqual([c.id, a.id]);
      expect(await ids({ action: 'dim_lamp' })).toEqual([c.id]);
      expect(await ids({ requester: 'ben' })).toEqual([c.id]);
      expect(await ids({ states: ['approved'] })).toEqual([b.id]);
      expect(await ids({ states: ['approved', 'planned'], subject: 'a' })).toEqual([c.id, a.id]);
      const undo = await desk.planned({}, { purpose: { kind: 'undo', of: a.id } });
      expect(await ids({ of: a.id })).toEqual([undo.id]);
    },
  },
  {
    id: 'runs:decide:first-holds',
    title: 'takes the first decision, and keeps why',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const { id } = await desk.planned();
      const deny = {
        kind: 'deny',
        reasons: ['Never on a Sunday.'],
        policyVersion: POLICY,
      } as const;
      const first = await runs.decide(id, deny, ann);
      const second = await runs.decide(id, allow, ben);
      expect(first).toMatchObject({ decided: true, run: { state: 'refused', decision: deny } });
      expect(second).toEqual({ decided: false, run: first.run });
      expect(first.run.reason).toBe('Never on a Sunday.');
      expect((await desk.claim(id)).outcome).toBe('over');
    },
  },
  {
    id: 'runs:refuse:before-claim',
    title: 'refuses a run until it is claimed, and not after',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const waiting = await desk.approved();
      const detail = { fact: 'lamp:1 state', before: 'on', now: 'off' };
      const refused = await runs.refuse(waiting.id, {
        by: ann,
        reason: 'The plan is stale.',
        detail,
      });
      expect(refused).toMatchObject({ state: 'refused', reason: 'The plan is stale.' });
      expect((await runs.get(waiting.id)).detail).toEqual(detail);
      const { id } = await desk.claimed();
      const late = await failureOf(runs.refuse(id, { by: ann, reason: 'late' }));
      expect(late.code).toBe('RUN_STATE_CONFLICT');
      expect(await desk.stateOf(id)).toBe('executing');
    },
  },
  {
    id: 'runs:move:table',
    title: 'lets an owner go along the table of transitions, and nowhere else',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const byOwner: readonly RunState[] = ['executing', 'verifying', 'unknown'];
      for (const from of byOwner) {
        for (const to of RUN_STATES) {
          const { id, fence } = await desk.claimed();
          if (from !== 'executing') await runs.move(id, { fence, to: from });
          const owner = from === 'unknown' ? await runs.takeOver(id, runner('r2')) : { fence };
          const now = 'fence' in owner ? owner.fence : 0;
          const isOwners = isLegalTransition(from, to) && to !== 'undone';
          if (isOwners) {
            const detail = { seen: 'it' };
            const moved = await runs.move(id, { fence: now, to, reason: 'Because.', detail });
            expect(moved).toMatchObject({ state: to, reason: 'Because.' });
          } else {
            const error = await failureOf(runs.move(id, { fence: now, to }));
            expect(error.code, `${from} → ${to}`).toBe('RUN_STATE_CONFLICT');
            expect(await desk.stateOf(id)).toBe(from);
          }
        }
      }
    },
  },
  {
    id: 'runs:move:over-is-over',
    title: 'moves no run that is over',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      for (const state of ['succeeded', 'ineffective', 'failed', 'cancelled'] as const) {
        const { id, fence } = await desk.ended(state);
        for (const to of RUN_STATES) {
          const error = await failureOf(runs.move(id, { fence, to }));
          expect(error.code).toBe('RUN_STATE_CONFLICT');
        }
        expect(await runs.get(id)).toMatchObject({ state, owner: null });
      }
    },
  },
  {
    id: 'runs:events:timeline',
    title: 'tells the whole story of a run, in order',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const { id, fence } = await desk.claimed();
      await runs.note(id, fence, { what: 'evidence', details: { lamp: 'on' } });
      await runs.intend(id, { fence, index: 0 });
      await runs.recordResult(
        id,
        { fence, index: 0 },
        { outcome: 'accepted', status: 200, answer: 'ok' },
      );
      await runs.move(id, { fence, to: 'verifying' });
      await runs.move(id, { fence, to: 'succeeded' });
      expect(await desk.story(id)).toEqual([
        'run_created',
        'planned → approved',
        'approved → executing',
        'run_noted',
        'request_intended',
        'request_settled',
        'executing → verifying',
        'verifying → succeeded',
      ]);
      const events = await runs.events(id);
      const { digest } = await runs.get(id);
      expect(events.every((event) => event.runId === id && event.digest === digest)).toBe(true);
      const after = events[5]?.sequence ?? 0;
      expect(await runs.events(id, { after })).toEqual(events.slice(6));
    },
  },
  {
    id: 'runs:cancel:before',
    title: 'cancels a run that waits, so that it never sends',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const waiting = await desk.planned();
      await runs.decide(waiting.id, needs(1), ann);
      for (const { id } of [await desk.planned(), await desk.approved(), waiting]) {
        const answer = await runs.cancel(id, { by: ben, reason: 'not today' });
        expect(answer).toMatchObject({ outcome: 'cancelled', run: { state: 'cancelled' } });
        expect((await desk.claim(id)).outcome).toBe('over');
      }
    },
  },
  {
    id: 'runs:cancel:under-way',
    title: 'asks the owner of a run under way to stop, and stops its next request',
    async run(desk, expect) {
      const { runs } = desk.ledger;
      const { id, fence } = await desk.claimed({ requests: 2 });
      await runs.intend(id, { fence, index: 0 });
      const wish = { by: ben, reason: 'stop it' };
      expect(await runs.cancel(id, wish)).toMatchObject({ outcome: 'requested' });
      expect(await runs.cancel(id, { by: ann, reason: 'again' })).toMatchObject({
        outcome: 'requested',
        run: { cancel: wish },
      });
      expect(await runs.signals(id, fence)).toMatchObject({ cancel: wish, isFenced: false });
      const next = await runs.intend(id, { fence, index: 1 });
      expect(next).toMatchObject({ outcome: 'cancelled', cancel: wish });
      expect((await runs.get(id)).requests).toHaveLength(1);
      await runs.move(id, { fence, to: 'cancelled' });
      expect((await runs.cancel(id, wish)).outcome).toBe('over');
    },
  },
  {
    id: 'runs:undo:original',
    title: 'makes a run undone when its inverse has succeeded, and not before',
    async run(desk, expect) {
      for (const state of ['succeeded', 'ineffective', 'unknown', 'failed'] as const) {
        const original = await desk.ended(state);
        const purpose = { kind: 'undo', of: original.id } as const;
        await desk.ended('ineffective', {}, { purpose });
        expect(await desk.stateOf(original.id)).toBe(state);
        await desk.ended('succeeded', {}, { purpose });
        const now = isLegalTransition(state, 'undone') ? 'undone' : state;
        expect(await desk.stateOf(original.id)).toBe(now);
      }
    },
  },
];
