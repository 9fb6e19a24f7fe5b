import { describe, expect, test } from 'vitest';
import { drainByHand, electAnother, missHeartbeat } from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

/** It looks 120 times, which takes minutes on a busy machine. */
const LONG = { timeout: 300_000 };

/** Until the regions have reported, PD says what is not so. */
const REGIONS_HAVE_REPORTED_MS = 75_000;

function restart({ sim }: Cluster): void {
  sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
}

describe.concurrent.each(VERSIONS)('a PD leader %s that has just started', (version) => {
  test('shows a store without leaders, which does not prove a finished drain', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 10, spreadHeartbeats: false });
    await drainByHand(cluster, 4);
    restart(cluster);
    cluster.sim.clock.advance(12_000);
    expect(cluster.sim.model.store(4)).toMatchObject({ state: 'Up', leaderCount: 0 });
    expect(cluster.sim.model.store(4)?.trueLeaderCount).toBeGreaterThan(0);
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      state: 'unknown',
      verification: {
        state: 'unknown',
        summary: 'The PD leader has just started: what it shows cannot be judged yet.',
      },
    });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS + 60_000);
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      state: 'succeeded',
      verification: { state: 'reached' },
    });
    expect(cluster.sim.model.store(4)?.trueLeaderCount).toBe(0);
  });

  test(
    'never shows a drain as finished before it is, from its start until it is itself again',
    LONG,
    async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 0 });
      await drainByHand(cluster, 4);
      cluster.sim.faults.holdOperators();
      restart(cluster);
      for (let second = 0; second < 120; second += 1) {
        const { verification } = await cluster.verify('drain_store', { store_id: '4' });
        expect(verification?.state, `after ${second} s`).toMatch(/^(?:pending|unknown)$/u);
        cluster.sim.clock.advance(1000);
      }
      expect(cluster.sim.model.prepared()).toBe(true);
      expect(cluster.sim.model.store(4)?.trueLeaderCount).toBe(20);
    },
  );

  test('does not show a drain, whose end is not proven by that', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    restart(cluster);
    expect(cluster.sim.model.evictedStores()).toEqual([]);
    expect(await cluster.verify('undrain_store', { store_id: '4' })).toMatchObject({
      state: 'unknown',
      verification: {
        state: 'unknown',
        summary: 'The PD leader has just started: a drain that it does not show may still exist.',
      },
    });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    expect(await cluster.verify('undrain_store', { store_id: '4' })).toMatchObject({
      verification: { state: 'pending', facts: { drainedStoreIds: ['4'] } },
    });
  });

  test('is recognised by missing schedulers, and is trusted when all run', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    cluster.sim.faults.holdOperators();
    restart(cluster);
    const asked = [
      ['transfer_leader', { region_id: 9, to_store_id: '3' }],
      ['transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '5' }],
      ['drain_store', { store_id: '2' }],
      ['undrain_store', { store_id: '4' }],
    ] as const;
    for (const [action, parameters] of asked) {
      expect(await cluster.outcome(action, parameters)).toMatchObject({
        kind: 'refused',
        refusal: {
          code: 'CLUSTER_NOT_READY',
          facts: {
            schedulers: [],
            missing: expect.arrayContaining(['balance-leader-scheduler', 'evict-leader-scheduler']),
          },
          remedy: { text: expect.stringContaining('Wait until the stores have reported') },
        },
      });
    }
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    for (const [action, parameters] of asked) {
      expect(await cluster.outcome(action, parameters)).toMatchObject({ kind: 'plan' });
    }
  });

  test('would overwrite the evictions of other stores, so that nothing is added', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '2' });
    await drainByHand(cluster, 4);
    restart(cluster);
    await expect(cluster.apply(plan)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      facts: { refusal: { code: 'CLUSTER_NOT_READY' } },
    });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
  });

  test('that starts after the last look loses the evictions of other stores, and the run says so', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 2);
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    const { result } = await cluster.apply(plan, ({ kind }) => {
      if (kind === 'sending') restart(cluster);
      if (kind === 'sent') cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    });
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: expect.stringContaining(
        'But leaders are no longer kept away from stores 2, which were drained before.',
      ),
      verification: { facts: { lostEvictions: ['2'] } },
    });
  });

  test('is not asked whether a limit of 0 would stop drains, but may be given another', async (context) => {
    const cluster = await startCluster(context, { version });
    restart(cluster);
    expect(await cluster.outcome('set_leader_schedule_limit', { limit: 0 })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'CLUSTER_NOT_READY' },
    });
    expect(await cluster.outcome('set_leader_schedule_limit', { limit: 8 })).toMatchObject({
      kind: 'plan',
    });
  });

  test('knows all that an administrator has removed for good', async (context) => {
    const cluster = await startCluster(context, { version });
    await cluster.delete('/schedulers/balance-region-scheduler');
    expect(
      await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
    ).toMatchObject({ kind: 'plan' });
    expect(await cluster.outcome('drain_store', { store_id: '2' })).toMatchObject({ kind: 'plan' });
  });
});

describe.concurrent.each(VERSIONS)('a PD leader %s that died', (version) => {
  test('is waited for: planning comes through when another leads', async (context) => {
    const cluster = await startCluster(context, { version, members: 3, stepMs: 500 });
    await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    cluster.sim.faults.loseLeader();
    cluster.sim.clearRequests();
    const outcome = await cluster.outcome('set_leader_schedule_limit', { limit: 8 });
    expect(outcome).toMatchObject({ kind: 'plan' });
    const answers = cluster.sim.requests.map(({ status }) => status);
    expect(answers).toContain(500);
    expect(cluster.sim.model.leaderMember()).not.toBe('pd1');
  });

  test('and left stores that look disconnected is not planned upon', async (context) => {
    const cluster = await startCluster(context, { version, members: 3, stepMs: 1 });
    electAnother(cluster);
    expect(
      await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
    ).toMatchObject({
      kind: 'refused',
      refusal: {
        code: 'CLUSTER_NOT_READY',
        facts: {
          storeId: '3',
          shownState: 'Disconnected',
          unheardStoreIds: ['1', '2', '3', '4', '5'],
        },
      },
    });
    cluster.sim.clock.advance(15_000);
    expect(
      await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
    ).toMatchObject({ kind: 'plan' });
  });
});

/** Makes all stores send a heartbeat now, and every 10 s from now on. */
function beatInStep({ sim }: Cluster): void {
  for (const { id } of sim.model.stores()) {
    sim.faults.silenceStore({ storeId: id, keepLeaders: true });
    sim.faults.wakeStore({ storeId: id });
  }
}

/** Has the next list of stores answered as PD would, with another time or an older heartbeat. */
async function proxyStores(
  { sim }: Cluster,
  change: { date: string } | { ageMs: number; storeId: number },
): Promise<void> {
  const path = '/pd/api/v1/stores';
  const answer = await fetch(`${sim.endpoints[0]}${path}`);
  const text = await answer.text();
  const date = answer.headers.get('date') ?? '';
  if ('date' in change) {
    sim.faults.answerWith({ path, status: 200, body: text, headers: { Date: change.date } });
    return;
  }
  const { ageMs, storeId } = change;
  const heartbeat = `${sim.clock.now() - ageMs}000000`;
  const body = text.replaceAll(
    new RegExp(`("id": ?${storeId},.*?"last_heartbeat": ?)\\d+`, 'gsu'),
    `$1${heartbeat}`,
  );
  expect(body).not.toBe(text);
  sim.faults.answerWith({ path, status: 200, body, headers: { Date: date } });
}

describe.concurrent.each(VERSIONS)(
  'a store that is down for less than 20 s on PD %s',
  (version) => {
    test('is recognised by the heartbeat that the others have sent since', async (context) => {
      const cluster = await startCluster(context, { version });
      await missHeartbeat(cluster, 3);
      expect(cluster.sim.model.store(3)).toMatchObject({ state: 'Up', silent: true });
      expect(
        await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
      ).toMatchObject({
        kind: 'refused',
        refusal: { code: 'STORE_SILENT', facts: { storeId: '3', silenceMs: expect.any(Number) } },
      });
    });

    const LEADER = { region_id: 9, to_store_id: '3' };
    const AGE = 'store:3 last heartbeat, least age';

    test('and whose heartbeats are in step with all others is refused by the time of PD', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 0 });
      beatInStep(cluster);
      cluster.sim.faults.silenceStore({ storeId: 3, keepLeaders: true });
      cluster.sim.clock.advance(17_000);
      expect(await cluster.outcome('transfer_leader', LEADER)).toMatchObject({
        kind: 'refused',
        refusal: {
          code: 'STORE_SILENT',
          message: expect.stringMatching(
            /^Store 3 is shown as Up but has sent no heartbeat for at least 1[67] s; one is due every 10 s\.$/u,
          ),
        },
      });
      const move = { region_id: 9, from_store_id: '2', to_store_id: '4' };
      expect(await cluster.outcome('transfer_peer', move)).toMatchObject({ kind: 'plan' });
    });

    test('and has missed one heartbeat is warned of, with the numbers', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 0 });
      beatInStep(cluster);
      cluster.sim.faults.silenceStore({ storeId: 3, keepLeaders: true });
      cluster.sim.clock.advance(13_000);
      const late = await cluster.plan('transfer_leader', LEADER);
      expect(late.warnings).toEqual([
        expect.stringMatching(
          /^The heartbeat of store 3 is late: the last one is at least 1[23] s old, and one is due every 10 s\./u,
        ),
      ]);
      // Of the store that has sent its heartbeat nothing else can be known.
      const other = await cluster.plan('transfer_leader', { ...LEADER, to_store_id: '2' });
      expect(other.warnings).toEqual([]);
    });

    test('and less than a heartbeat ago is not known to be: the plan tells the age', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 0 });
      beatInStep(cluster);
      cluster.sim.faults.silenceStore({ storeId: 3, keepLeaders: true });
      cluster.sim.clock.advance(6500);
      const { warnings, evidence } = await cluster.plan('transfer_leader', LEADER);
      expect(warnings).toEqual([]);
      const age = evidence.shown.find(({ name }) => name === AGE);
      expect(age).toMatchObject({ unit: 'milliseconds' });
      expect(age?.value).toBeGreaterThanOrEqual(5500);
      expect(age?.value).toBeLessThanOrEqual(6500);
    });

    test('is not known where a proxy in front of PD tells its own time', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 0 });
      beatInStep(cluster);
      await proxyStores(cluster, {
        date: new Date(cluster.sim.clock.now() + 90_000).toUTCString(),
      });
      const { warnings, evidence } = await cluster.plan('transfer_leader', LEADER);
      const reason = expect.stringContaining('the youngest heartbeat of all stores is');
      expect(warnings).toEqual([
        expect.stringMatching(/^It is unknown if store 3 still answers: .* a proxy/u),
      ]);
      expect(evidence.shown).toContainEqual(
        expect.objectContaining({ name: AGE, value: { unknown: reason } }),
      );
    });

    test('is not what a store looks like of which a new PD leader has a part of a heartbeat', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 0 });
      beatInStep(cluster);
      await proxyStores(cluster, { ageMs: 18_000, storeId: 3 });
      expect(await cluster.outcome('transfer_leader', LEADER)).toMatchObject({ kind: 'plan' });
    });

    test('and dies after the last look: the run fails when PD gives up, and not before', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 2000 });
      const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
      const { result } = await cluster.apply(plan, ({ kind }) => {
        if (kind === 'sending') cluster.sim.faults.silenceStore({ storeId: 3, keepLeaders: true });
      });
      expect(cluster.sim.model.record(9)).toContain('status: TIMEOUT');
      expect(result).toMatchObject({
        state: 'ineffective',
        error: { code: 'EFFECT_FAILED' },
        verification: { facts: { leaderStoreId: '1', operatorStatus: 'TIMEOUT' } },
      });
    });
  },
);
