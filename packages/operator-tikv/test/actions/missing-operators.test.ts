import type { Verification } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

const MOVE = { region_id: 9, from_store_id: '3', to_store_id: '4' };
const LEADER = { region_id: 9, to_store_id: '3' };
/** Far less than the deadline of 14 minutes, which a run must not wait for. */
const LONG = 120_000;

/** Lets the move of a peer go on until its learner is there, and no further. */
function holdAtLearner({ sim }: Cluster): void {
  for (let step = 0; step < 200; step += 1) {
    const peers = sim.model.region(9)?.peers ?? [];
    if (peers.some(({ storeId, role }) => storeId === 4 && role === 'Learner')) {
      sim.faults.holdOperators();
      return;
    }
    sim.clock.advance(10);
  }
  throw new Error('the learner never came');
}

function rolesOf({ sim }: Cluster): readonly string[] {
  return (sim.model.region(9)?.peers ?? []).map(({ storeId, role }) => `${storeId} ${role}`);
}

describe.concurrent.each(VERSIONS)(
  'an operator that PD %s has accepted',
  { timeout: LONG },
  (version) => {
    test('and lost with its leader, its learner taken off again: the region is as before and free', async (context) => {
      const cluster = await startCluster(context, { version, members: 3, stepMs: 100 });
      const plan = await cluster.plan('transfer_peer', MOVE);
      const { result } = await cluster.apply(plan, ({ kind }) => {
        if (kind !== 'sent') return;
        holdAtLearner(cluster);
        cluster.sim.faults.loseLeader();
        cluster.sim.faults.holdOperators({ hold: false });
      });
      expect(result).toMatchObject({
        state: 'ineffective',
        verification: {
          state: 'failed',
          summary:
            'PD no longer has this operator (remove-orphan-peer {rm peer: store [4]} came after it). The region is as before. Region 9 has peers on stores 1 (Voter), 2 (Voter), 3 (Voter).',
          facts: { regionAsBefore: true, operator: 'remove-orphan-peer' },
        },
      });
      expect(rolesOf(cluster)).toEqual(['1 Voter', '2 Voter', '3 Voter']);
      cluster.sim.clock.advance(60_000);
      const again = await cluster.run('transfer_peer', MOVE);
      expect(again.result.state).toBe('succeeded');
    });

    test('and lost with its leader before a store has reported to the new one proves nothing yet', async (context) => {
      const cluster = await startCluster(context, { version, members: 3, stepMs: 1 });
      cluster.sim.faults.holdOperators();
      const plan = await cluster.plan('transfer_leader', LEADER);
      const summaries: string[] = [];
      const { events } = await cluster.apply(plan, async (event) => {
        if (event.kind === 'sent') {
          cluster.sim.faults.loseLeader();
          cluster.sim.clock.advance(14_000);
        }
        if (event.kind !== 'verifying' || event.verification === null) return;
        summaries.push(event.verification.summary);
        if (event.verification.summary.includes('is unknown until'))
          cluster.sim.clock.advance(1000);
      });
      expect(summaries).toContainEqual(
        expect.stringMatching(
          /^PD no longer has this operator \(the PD leader changed .*\)\. The state of the region is unknown until store \d, which may lead it, has reported to the PD leader\. Store 1 leads/u,
        ),
      );
      expect(summaries.at(-1)).toContain('The region is as before.');
      expect(events.at(-1)).toMatchObject({ result: { state: 'ineffective' } });
    });

    test.for([
      ['before it took a learner', () => {}],
      ['after it took a learner', holdAtLearner],
    ] as const)(
      'and lost with its leader while the target is silent since %s: the region is read without it',
      async ([, prepare], context) => {
        const cluster = await startCluster(context, { version, members: 3, stepMs: 1 });
        const plan = await cluster.plan('transfer_peer', MOVE);
        const states: string[] = [];
        const { result } = await cluster.apply(plan, (event) => {
          const { faults, clock } = cluster.sim;
          if (event.kind === 'sending') faults.holdOperators();
          if (event.kind === 'verifying') states.push(event.verification?.state ?? 'unread');
          if (event.kind !== 'sent') return;
          faults.holdOperators({ hold: false });
          prepare(cluster);
          faults.holdOperators();
          faults.silenceStore({ storeId: 4 });
          faults.loseLeader();
          faults.holdOperators({ hold: false });
          clock.advance(30_000);
        });
        expect(states).not.toContain('unknown');
        expect(result).toMatchObject({
          state: 'ineffective',
          verification: {
            summary: expect.stringMatching(
              /^PD no longer has this operator \(.*\)\. The region is as before\./u,
            ),
            facts: { regionAsBefore: true },
          },
        });
        expect(rolesOf(cluster)).toEqual(['1 Voter', '2 Voter', '3 Voter']);
      },
    );

    test('and lost with its leader while a silent target may lead: gone it is, where the leader is stays unknown', async (context) => {
      const cluster = await startCluster(context, { version, members: 3, stepMs: 1 });
      cluster.sim.faults.holdOperators();
      const plan = await cluster.plan('transfer_leader', LEADER);
      const ended = new AbortController();
      let seen: Verification | null = null;
      for await (const event of cluster.subject.apply(plan, { signal: ended.signal })) {
        if (event.kind === 'sent') {
          cluster.sim.faults.silenceStore({ storeId: 3 });
          cluster.sim.faults.loseLeader();
          cluster.sim.clock.advance(30_000);
        }
        if (event.kind !== 'verifying' || event.verification?.state !== 'unknown') continue;
        seen = event.verification;
        ended.abort();
      }
      expect(seen?.summary).toMatch(
        /^PD no longer has this operator \(the PD leader changed or started again: pd\d leads now and does not know it\)\. The state of the region is unknown until store 3, which may lead it, has reported to the PD leader\./u,
      );
    });

    test('and an administrator cancels: the run ends and says so', async (context) => {
      const cluster = await startCluster(context, { version });
      cluster.sim.faults.holdOperators();
      const plan = await cluster.plan('transfer_leader', LEADER);
      const { result } = await cluster.apply(plan, async ({ kind }) => {
        if (kind === 'sent') await cluster.delete('/operators/9');
      });
      expect(result).toMatchObject({
        state: 'ineffective',
        verification: {
          summary:
            'PD ended the operator with CANCEL (an administrator cancelled it, or the region changed meanwhile). The region is as before. Store 1 leads region 9.',
        },
      });
    });

    test.for([
      ['set back by three hours', 3 * 3_600_000],
      ['right', -60_000],
    ] as const)(
      'and that is gone counts while the clock here is %s',
      async ([, ahead], context) => {
        const cluster = await startCluster(context, { version });
        cluster.sim.faults.holdOperators();
        const plan = await cluster.plan('transfer_leader', LEADER);
        await cluster.ask(plan.requests[0]);
        await cluster.delete('/operators/9');
        const sentAt = Date.now() + ahead;
        const looking = cluster.subject.verify('transfer_leader', LEADER, { plan, sentAt });
        let next = await looking.next();
        while (next.done !== true) next = await looking.next();
        expect(next.value).toMatchObject({
          state: 'ineffective',
          verification: { state: 'failed', facts: { operatorStatus: 'CANCEL' } },
        });
      },
    );

    test('and cancelled by hand, with a checker taking off what it left: the run waits for that and names both', async (context) => {
      const cluster = await startCluster(context, { version });
      const plan = await cluster.plan('transfer_peer', MOVE);
      const summaries: string[] = [];
      const { result } = await cluster.apply(plan, async (event) => {
        if (event.kind === 'sent') {
          holdAtLearner(cluster);
          await cluster.delete('/operators/9');
          cluster.sim.clock.advance(500);
          expect(cluster.sim.model.runningOperator(9)).toContain('remove-orphan-peer');
        }
        if (event.kind !== 'verifying' || event.verification === null) return;
        summaries.push(event.verification.summary);
        if (summaries.at(-1)?.includes('runs now')) {
          cluster.sim.faults.holdOperators({ hold: false });
        }
      });
      const removal = 'remove-orphan-peer {rm peer: store [4]}';
      expect(summaries).toContainEqual(
        expect.stringContaining(`(it was cancelled); ${removal} runs now.`),
      );
      expect(result).toMatchObject({
        state: 'ineffective',
        verification: {
          summary: expect.stringContaining(
            `PD no longer has this operator (it was cancelled; ${removal} came after it). The region is as before.`,
          ),
          facts: { regionAsBefore: true },
        },
      });
    });

    test('and cancelled by cancel_operator, with one of a checker behind it: that one stays', async (context) => {
      const cluster = await startCluster(context, { version });
      await cluster.post('/operators', {
        name: 'transfer-peer',
        region_id: 9,
        from_store_id: 3,
        to_store_id: 4,
      });
      holdAtLearner(cluster);
      const plan = await cluster.plan('cancel_operator', { region_id: 9 });
      const { result } = await cluster.apply(plan, ({ kind }) => {
        if (kind === 'sent') cluster.sim.clock.advance(500);
      });
      expect(result).toMatchObject({
        state: 'succeeded',
        summary:
          'The operator is gone; remove-orphan-peer {rm peer: store [4]} runs on region 9 now.',
        verification: { facts: { operator: 'remove-orphan-peer' } },
      });
      const named = {
        region_id: 9,
        operator: 'admin-move-peer {mv peer: store [3] to [4]}',
      };
      expect(await cluster.outcome('cancel_operator', named)).toMatchObject({
        kind: 'nothing_to_do',
        summary:
          'admin-move-peer {mv peer: store [3] to [4]} is gone; remove-orphan-peer {rm peer: store [4]} runs on region 9 now.',
      });
      expect(cluster.sim.model.runningOperator(9)).toContain('remove-orphan-peer');
    });

    test('for a store that dies: the run says what it waits for', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 10 });
      const plan = await cluster.plan('transfer_peer', MOVE);
      const ended = new AbortController();
      const summaries: string[] = [];
      for await (const event of cluster.subject.apply(plan, { signal: ended.signal })) {
        if (event.kind === 'sending') cluster.sim.faults.silenceStore({ storeId: 4 });
        if (event.kind === 'sent') cluster.sim.clock.advance(60_000);
        if (event.kind !== 'verifying' || event.verification === null) continue;
        summaries.push(event.verification.summary);
        if (event.elapsedMs > 6000) ended.abort();
      }
      expect(summaries.at(-1)).toMatch(
        /^Store 4, the target, is Disconnected, silent for at least \d+ s\. Bring store 4 back, or cancel the run\. Region 9 has peers .* PD is at step 1 of \d: add learner peer \d+ on store 4\.$/u,
      );
    });
  },
);

describe.concurrent.each(VERSIONS)('an effect that is there on PD %s', (version) => {
  test("is told by PD's record to be another operator's", async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', MOVE);
    await cluster.post('/operators', {
      name: 'transfer-region',
      region_id: 9,
      to_store_ids: [1, 2, 4],
      peer_roles: ['leader', 'follower', 'follower'],
    });
    cluster.sim.clock.advance(10_000);
    const { verification } = await cluster.verify('transfer_peer', MOVE, plan);
    expect(verification).toMatchObject({
      state: 'reached',
      cause: 'another',
      facts: { causedBy: 'admin-move-region {mv peer: store [3] to [4]}' },
    });
  });

  test('is not known to be of the run when the PD leader has changed since', async (context) => {
    const cluster = await startCluster(context, { version, members: 3 });
    const plan = await cluster.plan('transfer_leader', LEADER);
    await cluster.ask(plan.requests[0]);
    cluster.sim.clock.advance(5000);
    await cluster.post('/leader/transfer/pd2', {});
    cluster.sim.clock.advance(20_000);
    const { verification } = await cluster.verify('transfer_leader', LEADER, plan);
    expect(verification).toMatchObject({
      state: 'reached',
      cause: 'unknown',
      facts: { causedBy: { unknown: 'PD has no record of the operator' } },
    });
  });

  test('and that another operator is taking back does not count', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', MOVE);
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind !== 'settling') return;
      cluster.sim.faults.holdOperators();
      await cluster.post('/operators', {
        name: 'transfer-peer',
        region_id: 9,
        from_store_id: 4,
        to_store_id: 3,
      });
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_REVERTED' },
      verification: {
        summary: expect.stringContaining(
          'admin-move-peer {mv peer: store [4] to [3]} is taking it back.',
        ),
      },
    });
  });
});
