import { ActionRegistry, OperatorError } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { actions, PDClient, PDError, TiKVSubject } from '../src/index.ts';
import { closeLater, openCluster } from './observations/open-cluster.ts';
import type { TargetedHttpRequest } from 'operator-core';
import type { OpenCluster } from './observations/open-cluster.ts';

async function failureOf(promise: Promise<unknown>): Promise<OperatorError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (!OperatorError.isInstance(error)) throw new Error(`not an OperatorError: ${String(error)}`);
  return error;
}

function written({ sim }: OpenCluster): readonly string[] {
  return sim.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => `${method} ${path} ${body}`);
}

describe('a subject without requests', () => {
  const subject = new TiKVSubject({ pd: new PDClient({ endpoints: ['http://127.0.0.1:1'] }) });

  it('lists its actions in order', () => {
    const names = new ActionRegistry(subject).listActionNames();
    expect(names).toEqual(actions.map(({ name }) => name));
    expect(names.slice(0, 6)).toEqual([
      'transfer_leader',
      'transfer_peer',
      'drain_store',
      'undrain_store',
      'cancel_operator',
      'set_leader_schedule_limit',
    ]);
  });

  it('lets every action run without a person, unless policy says otherwise', () => {
    const asking = subject.getActionDefinitions().filter((action) => action.requiresApproval);
    expect(asking).toEqual([]);
  });

  it('lists its observations', () => {
    expect(subject.getObservationDefinitions()).toHaveLength(12);
  });

  it('is closed twice', async () => {
    await subject.close();
    await subject.close();
    expect((await failureOf(subject.getStores())).code).toBe('PD_CLIENT_CLOSED');
  });
});

describe('who it is', () => {
  it.each([
    ['8.5', '8.5.7'],
    ['6.5', '6.5.12'],
  ] as const)(
    'costs two requests on PD %s, and the server says itself who it is',
    async (version, told) => {
      const { sim, subject } = await openCluster({ version });
      expect(await subject.identify()).toEqual({ kind: 'tikv', id: sim.clusterId, version: told });
      expect(sim.requests.map(({ path }) => path)).toEqual([
        '/pd/api/v1/cluster',
        '/pd/api/v1/members',
      ]);
    },
  );

  it('cannot be read without an endpoint that answers', async () => {
    const { sim, subject } = await openCluster();
    await sim.stop();
    const error = await failureOf(subject.identify());
    expect([error.code, error.kind]).toEqual(['PD_UNREACHABLE', 'unreachable']);
  });

  it('must be who was configured, for reading and for writing', async () => {
    const { sim } = await openCluster();
    const pd = new PDClient({ endpoints: sim.endpoints, clusterId: '1' });
    const subject = new TiKVSubject({ pd });
    closeLater(() => subject.close());
    for (const call of [
      () => subject.identify(),
      () => subject.getStores(),
      () => subject.drainStore('1'),
    ]) {
      const error = await failureOf(call());
      expect([error.code, error.kind]).toEqual(['PD_CLUSTER_MISMATCH', 'config']);
      expect(error.message).toContain(sim.clusterId);
    }
    const paths = new Set(sim.requests.map(({ path }) => path));
    expect(paths).toEqual(new Set(['/pd/api/v1/members', '/pd/api/v1/cluster']));
  });
});

describe.each(['8.5', '6.5'] as const)('asking PD %s for a change', (version) => {
  it('sends what PD wants and returns what PD says', async () => {
    const cluster = await openCluster({ version, schedulersPaused: true });
    const { sim, subject } = cluster;
    const [first, second] = sim.model.regions();
    if (first === undefined || second === undefined) throw new Error('no regions');
    expect(await subject.transferLeader(first.id, '2')).toBe('The operator is created.');
    expect(await subject.transferPeer(second.id, '2', '5')).toBe('The operator is created.');
    expect(await subject.cancelOperator(second.id)).toBe('The pending operator is canceled.');
    expect(await subject.drainStore('3')).toBe('The scheduler is created.');
    expect(await subject.undrainStore('3')).toContain('last store');
    expect(await subject.setLeaderScheduleLimit(0)).toContain('updated');
    expect(written(cluster)).toEqual([
      `POST /pd/api/v1/operators {"name":"transfer-leader","region_id":${first.id},"to_store_id":2}`,
      `POST /pd/api/v1/operators {"name":"transfer-peer","region_id":${second.id},"from_store_id":2,"to_store_id":5}`,
      `DELETE /pd/api/v1/operators/${second.id} `,
      'POST /pd/api/v1/schedulers {"name":"evict-leader-scheduler","store_id":3}',
      'DELETE /pd/api/v1/scheduler-config/evict-leader-scheduler/delete/3 ',
      'POST /pd/api/v1/config/schedule {"leader-schedule-limit":0}',
    ]);
    expect(sim.model.scheduleConfig()['leader-schedule-limit']).toBe(0);
  });

  it('sends the request of an action by the name of the action', async () => {
    const cluster = await openCluster({ version });
    expect(await cluster.subject.ask('drain_store', { store_id: '3' })).toBe(
      'The scheduler is created.',
    );
    expect(written(cluster)).toEqual([
      'POST /pd/api/v1/schedulers {"name":"evict-leader-scheduler","store_id":3}',
    ]);
  });

  it('sends one request, and reads only who the server is', async () => {
    const { sim, subject } = await openCluster({ version });
    await subject.transferLeader(sim.model.regions()[0]?.id ?? 0, '2', { callerId: 'me' });
    expect(sim.requests.map(({ path }) => path)).toEqual([
      '/pd/api/v1/cluster',
      '/pd/api/v1/operators',
    ]);
    expect(sim.requests[1]?.headers['x-caller-id']).toBe('me');
  });

  it("passes PD's own words through", async () => {
    const { subject } = await openCluster({ version });
    const error = await failureOf(subject.transferLeader(999_999, '2'));
    expect(PDError.isInstance(error) && error.status).toBe(500);
    expect(error.message).toContain('region 999999 not found');
  });
});

describe('invalid values', () => {
  it.each([
    ['transferLeader', (subject: TiKVSubject) => subject.transferLeader(0.5, 'x'), 2],
    ['transferPeer', (subject: TiKVSubject) => subject.transferPeer(0, '', '-1'), 3],
    ['drainStore', (subject: TiKVSubject) => subject.drainStore('1e3'), 1],
    ['undrainStore', (subject: TiKVSubject) => subject.undrainStore('9007199254740993'), 1],
    ['cancelOperator', (subject: TiKVSubject) => subject.cancelOperator(2 ** 53), 1],
    ['setLeaderScheduleLimit', (subject: TiKVSubject) => subject.setLeaderScheduleLimit(-1), 1],
    ['ask', (subject: TiKVSubject) => subject.ask('no_such_action', {}), 1],
    ['getRegions', (subject: TiKVSubject) => subject.getRegions({ storeId: 'x', limit: 0 }), 2],
    ['getRegion', (subject: TiKVSubject) => subject.getRegion({ regionId: Number.NaN }), 1],
  ])('are all named by %s, and nothing is sent', async (method, call, count) => {
    const { sim, subject } = await openCluster();
    const error = await failureOf(call(subject));
    expect([error.code, error.kind]).toEqual(['TIKV_PARAMETERS_INVALID', 'usage']);
    expect(error.message).toContain(method);
    expect(error.facts['issues']).toHaveLength(count);
    expect(sim.requests).toHaveLength(0);
  });
});

describe('regions of a store', () => {
  it('are refused for a store that does not exist', async () => {
    const { subject } = await openCluster();
    const error = await failureOf(subject.getRegions({ storeId: '77' }));
    expect([error.code, error.kind]).toEqual(['TIKV_STORE_NOT_FOUND', 'usage']);
  });
});

describe('sending a request of a plan', () => {
  it("finds PD's no in the list of refusals", async () => {
    const { sim, subject } = await openCluster();
    const request: TargetedHttpRequest = {
      protocol: 'http',
      target: [...sim.endpoints],
      purpose: 'ask for the leader transfer',
      method: 'POST',
      path: '/pd/api/v1/operators',
      body: '{"name":"transfer-leader","region_id":999999,"to_store_id":2}',
    };
    const result = await subject.send(request, { callerId: 'operator/1' });
    expect(result).toMatchObject({
      outcome: 'refused',
      status: 500,
      answer: expect.stringContaining('region 999999 not found'),
      refusal: { code: 'REGION_NOT_FOUND', remedy: { text: expect.any(String) } },
    });
    expect(sim.requests[1]?.headers['x-caller-id']).toBe('operator/1');
  });

  it('says accepted when PD accepts', async () => {
    const { sim, subject } = await openCluster();
    const request: TargetedHttpRequest = {
      protocol: 'http',
      target: [...sim.endpoints],
      purpose: 'evict the leaders of the store',
      method: 'POST',
      path: '/pd/api/v1/schedulers',
      body: '{"name":"evict-leader-scheduler","store_id":3}',
    };
    expect(await subject.send(request, { callerId: 'operator/1' })).toEqual({
      outcome: 'accepted',
      status: 200,
      answer: 'The scheduler is created.',
    });
  });
});
