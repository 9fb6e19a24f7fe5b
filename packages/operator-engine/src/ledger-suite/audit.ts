import type { LedgerCheck } from './ledger-check.ts';
import { ann, ben, needs, planOf, POLICY, runner } from './plans.ts';
import { failureOf } from './failure-of.ts';
import { HOUR, MINUTE } from './test-clock.ts';

export const auditChecks: readonly LedgerCheck[] = [
  {
    id: 'audit:everything',
    title: 'writes down who did what, when and why, without gaps',
    async run(desk, expect) {
      const { audit, approvals, mode, runs, leases } = desk.ledger;
      const { id, digest } = await desk.planned();
      await runs.decide(id, needs(1), ann);
      await approvals.approve({
        runId: id,
        digest,
        approver: ben,
        policyVersion: POLICY,
        comment: 'go',
      });
      await mode.set('guarded', { by: ben, reason: 'careful' });
      await mode.stop({ by: ben, reason: 'fire' });
      await desk.claim(id);
      await mode.resume({ by: ann, reason: 'out' });
      await mode.set('autonomous', { by: ben, reason: 'calm' });
      await audit.recordRefusal({ actor: ann, reason: 'no such lamp', details: { lamp: 7 } });
      await audit.recordTrust({ actor: ann, path: '/srv/ops', isTrusted: true });
      const run = await desk.ended('succeeded', { lease: 'lamp:1' });
      await leases.extend(run.id, { forMs: HOUR, by: ben, reason: 'more' });
      const entries = await audit.list({}, { limit: 1_000 });
      expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, at) => at + 1));
      const wanted = [
        'ledger_created',
        'chain_opened',
        'run_created',
        'run_moved',
        'approval_given',
        'mode_changed',
        'stopped',
        'resumed',
        'claim_refused',
        'plan_refused',
        'path_trusted',
        'lease_planned',
        'lease_moved',
        'lease_extended',
        'request_intended',
        'request_settled',
      ];
      expect([...new Set(entries.map(({ kind }) => kind))].toSorted()).toEqual(wanted.toSorted());
      const given = entries.find(({ kind }) => kind === 'approval_given');
      expect(given).toMatchObject({ actor: ben, runId: id, digest, reason: 'go' });
      expect(entries.find(({ kind }) => kind === 'stopped')).toMatchObject({
        actor: ben,
        reason: 'fire',
        at: '2026-03-01T12:00:00.000Z',
      });
      expect(await audit.verify()).toMatchObject({ isIntact: true, entries: entries.length });
    },
  },
  {
    id: 'audit:filters',
    title: 'lists by run, kind, actor and time, forwards and backwards, in pages',
    async run(desk, expect) {
      const { audit, mode } = desk.ledger;
      const { id } = await desk.approved();
      desk.clock.pass(MINUTE);
      await mode.set('guarded', { by: ben, reason: 'careful' });
      desk.clock.pass(MINUTE);
      await mode.set('autonomous', { by: ben, reason: 'calm' });
      const numbers = async (...given: Parameters<typeof audit.list>) =>
        (await audit.list(...given)).map(({ sequence }) => sequence);
      expect(await numbers({ runId: id })).toEqual([3, 4]);
      expect(await numbers({ kinds: ['mode_changed', 'run_created'] })).toEqual([3, 5, 6]);
      expect(await numbers({ actor: 'ben' })).toEqual([5, 6]);
      expect(
        await numbers({ since: '2026-03-01T12:01:00Z', until: '2026-03-01T12:02:00Z' }),
      ).toEqual([5]);
      expect(await numbers({}, { after: 3, limit: 2 })).toEqual([4, 5]);
      const latest = await audit.latest({ actor: 'ben' }, { limit: 1 });
      expect(latest.map(({ sequence }) => sequence)).toEqual([6]);
    },
  },
  {
    id: 'audit:export',
    title: 'exports every entry once, in order, with the chain',
    async run(desk, expect) {
      for (let round = 0; round < 12; round += 1) await desk.ended('succeeded');
      const seen: number[] = [];
      const heads = new Map<string, string>();
      for await (const { chain, sequence, previous, hash } of desk.ledger.audit.export()) {
        expect(previous).toBe(heads.get(chain) ?? previous);
        heads.set(chain, hash);
        seen.push(sequence);
      }
      const { entries, chains } = await desk.ledger.audit.verify();
      expect(seen.length).toBe(entries);
      expect(seen).toEqual(seen.toSorted((one, other) => one - other));
      expect([...heads]).toEqual(chains.map(({ chain, head }) => [chain, head]));
    },
  },
  {
    id: 'audit:chains',
    title:
      'keeps a chain for each system, and seals the heads of all in the root chain within a minute',
    async run(desk, expect) {
      const { audit, runners } = desk.ledger;
      await desk.ended('succeeded');
      await desk.ended('succeeded', { system: 'two' });
      const sealed = async (): Promise<unknown> =>
        (await audit.latest({ kinds: ['chains_sealed', 'chain_opened'] }, { limit: 1 }))[0];
      expect(await sealed()).toMatchObject({
        kind: 'chain_opened',
        heads: { 'lamp-house:one': { place: 7 }, 'lamp-house:two': { place: 1 } },
      });
      await runners.beat(runner('r1'));
      expect(await sealed()).toMatchObject({ kind: 'chain_opened' });
      desk.clock.pass(2 * MINUTE);
      await runners.beat(runner('r1'));
      const seal = {
        kind: 'chains_sealed',
        chain: 'root',
        heads: { 'lamp-house:two': { place: 7 } },
      };
      expect(await sealed()).toMatchObject(seal);
      desk.clock.pass(2 * MINUTE);
      await runners.beat(runner('r1'));
      expect(await audit.list({ kinds: ['chains_sealed'] }), 'nothing moved').toHaveLength(1);
      const { chains, isIntact } = await audit.verify({ anchors: [await audit.anchor()] });
      expect(isIntact).toBe(true);
      expect(chains.map(({ chain, entries }) => [chain, entries])).toEqual([
        ['root', 4],
        ['lamp-house:one', 7],
        ['lamp-house:two', 7],
      ]);
    },
  },
  {
    id: 'audit:secrets',
    title: 'keeps out what looks like a secret; the engine keeps the secret parameters out',
    async run(desk, expect) {
      const { audit, runs } = desk.ledger;
      const parameters = { user: 'root', apiToken: 'correct-horse-battery' };
      const plan = planOf({ parameters });
      const request = { plan, requester: ann, expiresInMs: HOUR };
      const { run } = await runs.create(request);
      await runs.decide(run.id, { kind: 'allow', reasons: ['ok'], policyVersion: POLICY }, ann);
      const claimed = await desk.claim(run.id);
      const fence = 'fence' in claimed ? claimed.fence : 0;
      await runs.intend(run.id, { fence, index: 0 });
      const answer = 'That is wrong; Authorization: Bearer abcdefgh12345678';
      await runs.recordResult(
        run.id,
        { fence, index: 0 },
        { outcome: 'refused', status: 401, answer },
      );
      const detail = { note: 'postgres://root:hunter22@db/x', apiToken: 'sesame-open' };
      const reason = 'It did not work.';
      await runs.move(run.id, { fence, to: 'failed', reason, detail });
      const entries = await audit.list({ runId: run.id });
      const text = JSON.stringify(entries) + JSON.stringify(await runs.list());
      for (const secret of ['correct-horse', 'abcdefgh12345678', 'hunter22', 'sesame-open']) {
        expect(text).not.toContain(secret);
      }
      expect(text).toContain('"user":"root"');
      expect(text).toContain('"apiToken":"[redacted]"');
      expect((await runs.get(run.id)).plan, 'what will be sent stays whole').toEqual(plan);
    },
  },
  {
    id: 'audit:anchor',
    title: 'gives an anchor that holds as the chain grows, and only for this ledger',
    async run(desk, expect) {
      const { audit } = desk.ledger;
      await desk.ended('succeeded');
      const anchor = await audit.anchor();
      expect(anchor).toMatch(/^operator-audit\/2 ledger=\S+( \S+=\d+:[0-9a-f]{64}){2} at=\S+$/u);
      await desk.ended('succeeded');
      expect(await audit.verify({ anchors: [anchor, await audit.anchor()] })).toMatchObject({
        isIntact: true,
      });
      const changed = anchor.replace(/:(?<digit>[0-9a-f])(?=[0-9a-f]{63})/u, (_, digit) =>
        digit === '0' ? ':1' : ':0',
      );
      const fault = (await audit.verify({ anchors: [changed] })).fault;
      expect(fault).toMatchObject({ found: 'changed' });
      const foreign = anchor.replace(desk.ledger.id, '0'.repeat(8) + desk.ledger.id.slice(8));
      expect((await audit.verify({ anchors: [foreign, anchor] })).anchors).toMatchObject({
        given: 2,
        compared: 1,
        skipped: [{ because: 'other_ledger' }],
      });
      for (const bad of ['nonsense', '']) {
        const error = await failureOf(audit.verify({ anchors: [bad] }));
        expect(error.code).toBe('ANCHOR_INVALID');
      }
    },
  },
  {
    id: 'audit:abort',
    title: 'stops verifying when it is told to',
    async run(desk, expect) {
      const error = await failureOf(desk.ledger.audit.verify({ signal: AbortSignal.abort() }));
      expect(error.code).toBe('INTERRUPTED');
    },
  },
  {
    id: 'mode:status',
    title: 'says which mode it is in since when and who said so',
    async run(desk, expect) {
      const { mode } = desk.ledger;
      expect(await mode.get()).toMatchObject({ mode: 'autonomous', by: null, stop: null });
      desk.clock.pass(MINUTE);
      await mode.set('observe', { by: ben, reason: 'look' });
      await mode.stop({ by: ann, reason: 'fire' });
      desk.clock.pass(MINUTE);
      await mode.stop({ by: ben, reason: 'still', allowsCancels: true });
      const other = await desk.another();
      expect(await other.mode.get()).toEqual({
        mode: 'observe',
        by: ben,
        reason: 'look',
        since: '2026-03-01T12:01:00.000Z',
        stop: { by: ben, reason: 'still', since: '2026-03-01T12:01:00.000Z', allowsCancels: true },
      });
      expect((await mode.resume({ by: ann, reason: 'out' })).stop).toBeNull();
      await mode.resume({ by: ann, reason: 'twice' });
      const resumed = await desk.ledger.audit.list({ kinds: ['resumed'] });
      expect(resumed).toHaveLength(1);
    },
  },
];
