import { describe, expect, test } from 'vitest';
import { startCluster, VERSIONS, toHttp } from './support.ts';

const OPERATORS = { method: 'POST', path: '/pd/api/v1/operators' } as const;
const TO_3 = { region_id: 9, to_store_id: '3' } as const;

// What PD says that is no refusal of the plugin's.
describe.concurrent.each(VERSIONS)('other answers of PD %s', (version) => {
  test('not bootstrapped while planning is an error and no refusal', async (context) => {
    const cluster = await startCluster(context, { version, bootstrapped: false });
    for (const [action, parameters] of [
      ['transfer_leader', TO_3],
      ['drain_store', { store_id: '4' }],
    ] as const) {
      await expect(cluster.outcome(action, parameters)).rejects.toMatchObject({
        code: 'PD_NOT_BOOTSTRAPPED',
        kind: 'unreachable',
      });
    }
    expect(cluster.changes()).toEqual([]);
  });

  test('no leader while sending is a no: PD is not ready', async (context) => {
    const cluster = await startCluster(context, { version, members: 3 });
    const plan = await cluster.plan('transfer_leader', TO_3);
    const said = {
      '6.5': { status: 503, body: 'no leader\n' },
      '8.5': { status: 503, body: '[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader\n' },
    }[version];
    cluster.sim.faults.answerWith({ ...OPERATORS, ...said, times: -1 });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'failed',
      refusal: { code: 'CLUSTER_NOT_READY' },
      error: { code: 'REFUSED_BY_SYSTEM', kind: 'failed' },
    });
    expect(cluster.leaderOf(9)).toBe('1');
    expect(cluster.changes()).toHaveLength(1);
  });

  test('a panic does not tell what was done, so reading decides', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('set_leader_schedule_limit', { limit: 8 });
    cluster.sim.faults.answerWith({
      method: 'POST',
      path: '/pd/api/v1/config/schedule',
      status: 500,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'PANIC: runtime error: invalid memory address or nil pointer dereference\ngoroutine 1',
    });
    const seen: string[] = [];
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'sent') await cluster.post('/config/schedule', { 'leader-schedule-limit': 8 });
      seen.push(kind);
    });
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
    expect(cluster.changes().filter(({ status }) => status === 500)).toHaveLength(1);
  });

  test('too many requests is a no without a code of this plugin', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_leader', TO_3);
    cluster.sim.faults.answerWith({
      ...OPERATORS,
      status: 429,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'Too Many Requests\n',
    });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'failed',
      refusal: null,
      error: { code: 'REFUSED_BY_SYSTEM', message: expect.stringContaining('Too Many Requests') },
    });
    expect(cluster.changes()).toHaveLength(1);
    expect(cluster.leaderOf(9)).toBe('1');
  });

  test('requests carry a name, and ids as numbers', async (context) => {
    const cluster = await startCluster(context, { version });
    const plans = [
      await cluster.plan('transfer_leader', TO_3),
      await cluster.plan('transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '4' }),
      await cluster.plan('drain_store', { store_id: '4' }),
    ];
    for (const { requests } of plans) {
      const { name, ...ids } = JSON.parse(toHttp(requests[0]).body ?? '') as Record<
        string,
        unknown
      >;
      expect(name).toMatch(/^[a-z-]+$/u);
      expect(Object.values(ids).every((id) => Number.isSafeInteger(id))).toBe(true);
    }
    // What PD says to anything else.
    const without = (body: Record<string, string | number>) => cluster.post('/operators', body);
    expect(await without({ region_id: 9 })).toMatchObject({ status: 400 });
    expect(await without({ name: 'transfer-leader', region_id: 9, store_id: 3 })).toEqual({
      status: 400,
      words: 'missing store id to transfer leader to',
    });
    expect(await without({ name: 'transfer-leader', region_id: '9', to_store_id: 3 })).toEqual({
      status: 400,
      words: 'missing region id',
    });
  });
});
