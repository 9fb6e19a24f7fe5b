import type { Diagnosis } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { PDClient, PrometheusClient, TiKVSubject } from '../src/index.ts';
import { closeLater, openCluster, openSubject } from './observations/open-cluster.ts';
import type { OpenCluster } from './observations/open-cluster.ts';
import { startServer } from './prometheus/hostile-server.ts';

const MEMBERS = '/pd/api/v1/members';

async function check(cluster: OpenCluster, name: string): Promise<Diagnosis> {
  const found = (await cluster.subject.diagnose()).find((one) => one.check.startsWith(name));
  if (found === undefined) throw new Error(`nothing was said about ${name}`);
  return found;
}

describe.each(['8.5', '6.5'] as const)('PD %s', (version) => {
  it('is fine when nothing is wrong', async () => {
    const { sim, subject } = await openCluster({ version, members: 3 });
    const diagnoses = await subject.diagnose();
    expect(diagnoses.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(diagnoses.map((one) => one.check)).toEqual([
      ...sim.endpoints.map((endpoint) => `endpoint ${endpoint}`),
      'endpoints',
      'leader',
      'versions',
      'clock',
      'members',
      'readiness',
      'stores',
      'drains',
      'scheduling',
      'pauses',
      'prometheus',
    ]);
    expect(diagnoses[0]?.message).toMatch(/^Member pd1, the leader, answers in \d+ ms, version v/u);
    expect(diagnoses[1]?.message).toMatch(/^Member pd2 answers/u);
  });

  it('finds members that are not in the configuration', async () => {
    const { sim } = await openCluster({ version, members: 3 });
    const diagnoses = await openSubject([sim.endpoints[1] ?? '']).diagnose();
    const endpoints = diagnoses.filter((one) => one.check.startsWith('endpoint '));
    expect(endpoints).toHaveLength(3);
    expect(endpoints[0]?.message).toMatch(/^Member pd2 answers/u);
  });

  it('that has just started is not ready, and the drained stores are unknown', async () => {
    const cluster = await openCluster({ version });
    cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    cluster.sim.clock.advance(12_000);
    const readiness = await check(cluster, 'readiness');
    expect(readiness).toMatchObject({ state: 'warning' });
    expect(readiness.message).toContain('of 100 regions');
    expect(await check(cluster, 'drains')).toMatchObject({ state: 'unknown' });
  });

  it('names who is drained, and how to end it', async () => {
    const cluster = await openCluster({ version });
    await cluster.subject.drainStore('2');
    await cluster.subject.drainStore('4');
    expect(await check(cluster, 'drains')).toEqual({
      check: 'drains',
      state: 'warning',
      message: 'Leaders are being evicted from stores 2, 4.',
      remedy: {
        text: 'It stays until it is ended: `run undrain_store`.',
        next: [{ operation: 'run', action: 'undrain_store', parameters: { store_id: '2' } }],
      },
    });
  });

  it('names the stores that are silent', async () => {
    const cluster = await openCluster({ version });
    cluster.sim.faults.silenceStore({ storeId: 5 });
    cluster.sim.clock.advance(31 * 60_000);
    const stores = await check(cluster, 'stores');
    expect(stores).toMatchObject({ state: 'failed' });
    expect(stores.message).toContain('store 5 (127.0.0.1:20165) is Down');
  });

  it('warns when it may move no leaders', async () => {
    const cluster = await openCluster({ version });
    await cluster.subject.setLeaderScheduleLimit(0);
    expect(await check(cluster, 'scheduling')).toMatchObject({
      state: 'warning',
      remedy: { next: [{ operation: 'run', action: 'set_leader_schedule_limit' }] },
    });
  });

  it('warns when all scheduling is halted', async () => {
    const cluster = await openCluster({ version });
    const path = '/pd/api/v1/config/schedule';
    const answer = await (await fetch(`${cluster.sim.endpoints[0]}${path}`)).text();
    const body = answer.replace('{', '{"halt-scheduling":"true",');
    cluster.sim.faults.answerWith({ path, status: 200, body, times: 99 });
    const scheduling = await check(cluster, 'scheduling');
    expect(scheduling).toMatchObject({ state: 'warning' });
    expect(scheduling.message).toContain('halted');
  });

  it('names the schedulers that are paused', async () => {
    const cluster = await openCluster({ version });
    await fetch(`${cluster.sim.endpoints[0]}/pd/api/v1/schedulers/balance-leader-scheduler`, {
      method: 'POST',
      body: '{"delay":3600}',
    });
    expect(await check(cluster, 'pauses')).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/^Paused: balance-leader-scheduler until 20.*Z\.$/u),
    });
  });

  it('names a store that is busy', async () => {
    const cluster = await openCluster({ version });
    cluster.sim.faults.slowStore({ storeId: 3 });
    expect(await check(cluster, 'stores')).toMatchObject({
      state: 'warning',
      message: 'Busy: store 3.',
    });
  });
});

describe('quorum', () => {
  it('that is lost is reported within seconds, once, and the clocks are right', async () => {
    const cluster = await openCluster({ members: 3 });
    for (const member of ['pd1', 'pd3']) cluster.sim.faults.killMember({ member });
    const diagnoses = await cluster.subject.diagnose();
    // Each question once: nothing is asked again and again for as long as an election takes.
    const asked = cluster.sim.requests.map(({ path }) => path);
    expect(asked.length).toBeLessThanOrEqual(8);
    expect(diagnoses.map(({ check: name, state }) => [name.split(' ')[0], state])).toEqual([
      ['endpoint', 'failed'],
      ['endpoint', 'ok'],
      ['endpoint', 'failed'],
      ['leader', 'failed'],
      ['clock', 'ok'],
      ['cluster', 'unknown'],
      ['prometheus', 'ok'],
    ]);
    expect(diagnoses[3]?.message).toContain('1 of 3 PD members answers, quorum is lost: pd1, pd3');
    expect(new Set(diagnoses.map(({ message }) => message)).size).toBe(diagnoses.length);
  });

  it('that is lost ends a read at once, with that reason', async () => {
    const cluster = await openCluster({ members: 3 });
    await cluster.subject.getStores();
    for (const member of ['pd2', 'pd1']) cluster.sim.faults.killMember({ member });
    await expect(cluster.subject.getStores()).rejects.toMatchObject({
      code: 'PD_QUORUM_LOST',
      kind: 'unreachable',
      facts: { answering: ['pd3'], members: ['pd1', 'pd2', 'pd3'] },
    });
  });
});

describe('the configuration', () => {
  it('of one endpoint is warned of when PD has more', async () => {
    const cluster = await openCluster({ members: 3 });
    const diagnoses = await openSubject(cluster.sim.endpoints.slice(0, 1)).diagnose();
    const found = diagnoses.find((one) => one.check === 'endpoints');
    expect(found).toMatchObject({ state: 'warning' });
    expect(found?.message).toContain('Only one of the 3 PD members is configured');
    for (const endpoint of cluster.sim.endpoints) expect(found?.remedy).toContain(endpoint);
    expect(await check(cluster, 'endpoints')).toMatchObject({ state: 'ok' });
  });
});

describe('members', () => {
  it('that are dead are named', async () => {
    const cluster = await openCluster({ members: 3 });
    cluster.sim.faults.killMember({ member: 'pd3' });
    const endpoint = await check(cluster, `endpoint ${cluster.sim.endpoints[2]}`);
    expect(endpoint).toMatchObject({ state: 'failed', remedy: { text: expect.any(String) } });
    const members = await check(cluster, 'members');
    expect(members).toMatchObject({ state: 'failed' });
    expect(members.message).toContain('pd3');
  });

  it.each([
    ['v6.1.0', 'older than 6.5'],
    ['v8.1.0', 'different versions'],
  ])('of version %s are warned of', async (version, words) => {
    const cluster = await openCluster({ members: 2 });
    const answer = await fetch(`${cluster.sim.endpoints[0]}${MEMBERS}`);
    const body = (await answer.text()).replace('v8.5.7', version);
    cluster.sim.faults.answerWith({ path: MEMBERS, status: 200, body, times: 99 });
    const versions = await check(cluster, 'versions');
    expect(versions).toMatchObject({ state: 'warning' });
    expect(versions.message).toContain(words);
  });

  it('without a leader are found out', async () => {
    const cluster = await openCluster();
    const answer = await fetch(`${cluster.sim.endpoints[0]}${MEMBERS}`);
    const { leader: _, ...rest } = JSON.parse(await answer.text()) as Record<string, unknown>;
    const told = JSON.stringify(rest).replaceAll(/"(member_id|cluster_id)":\d+/gu, '"$1":7');
    const body = told.replace('"cluster_id":7', `"cluster_id":${cluster.sim.clusterId}`);
    cluster.sim.faults.answerWith({ path: MEMBERS, status: 200, body, times: 99 });
    const leader = await check(cluster, 'leader');
    expect(leader).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('has no leader'),
    });
  });

  it('with a wrong clock are reported with the difference', async () => {
    const { sim } = await openCluster();
    const server = await startServer((request, response) => {
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      const forward = async (): Promise<void> => {
        const answer = await fetch(`${sim.endpoints[0]}${request.url}`);
        response.writeHead(answer.status, { date }).end(await answer.text());
      };
      void forward();
    });
    closeLater(() => server.stop());
    const diagnoses = await openSubject([server.url]).diagnose();
    const clock = diagnoses.find((one) => one.check === 'clock');
    expect(clock).toMatchObject({ state: 'warning', remedy: expect.stringContaining('NTP') });
    expect(clock?.message).toMatch(new RegExp(`${server.url} is (3599|3600|3601) s ahead`, 'u'));
    expect(clock?.message).not.toContain(sim.endpoints[0]);
  });
});

describe('an endpoint without a listening server', () => {
  it('is the only finding, within seconds', async () => {
    const cluster = await openCluster();
    await cluster.sim.stop();
    const diagnoses = await cluster.subject.diagnose();
    expect(diagnoses.map(({ check: name, state }) => [name.split(' ')[0], state])).toEqual([
      ['endpoint', 'failed'],
      ['cluster', 'unknown'],
      ['prometheus', 'ok'],
    ]);
  });

  it('is one of several', async () => {
    const { sim } = await openCluster();
    const diagnoses = await openSubject(['http://127.0.0.1:9', ...sim.endpoints]).diagnose();
    expect(diagnoses[0]).toMatchObject({ state: 'failed', check: 'endpoint http://127.0.0.1:9' });
    const others = diagnoses.slice(1).filter(({ state }) => state !== 'ok');
    expect(others).toMatchObject([{ check: 'endpoints', state: 'warning' }]);
    expect(others[0]?.message).toContain('http://127.0.0.1:9 did not report its cluster');
    expect(others[0]?.remedy).toContain(`clusterId: "${sim.clusterId}"`);
  });
});

describe('endpoints of two clusters', () => {
  it('are distinguished in any order', async () => {
    const [one, other] = [await openCluster({ seed: 1 }), await openCluster({ seed: 7 })];
    expect(one.sim.clusterId).not.toBe(other.sim.clusterId);
    const [first = ''] = one.sim.endpoints;
    const [second = ''] = other.sim.endpoints;
    for (const endpoints of [
      [first, second],
      [second, first],
    ]) {
      const diagnoses = await openSubject(endpoints).diagnose();
      expect(diagnoses.slice(0, 2).map(({ state }) => state)).toEqual(['ok', 'failed']);
      expect(diagnoses[1]?.message).toContain(one.sim.clusterId);
      expect(diagnoses[1]?.message).toContain(other.sim.clusterId);
      expect(diagnoses[1]).toMatchObject({ remedy: expect.stringContaining('one cluster only') });
    }
  });
});

describe('another cluster than the configured one', () => {
  it('is found out, and nothing of it is judged', async () => {
    const { sim } = await openCluster();
    const pd = new PDClient({ endpoints: sim.endpoints, clusterId: '42' });
    const subject = new TiKVSubject({ pd });
    closeLater(() => subject.close());
    const diagnoses = await subject.diagnose();
    expect(diagnoses.find((one) => one.check === 'leader')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining(`belongs to cluster ${sim.clusterId} and not to 42`),
    });
    expect(diagnoses.map(({ check: name, state }) => [name.split(' ')[0], state])).toEqual([
      ['endpoint', 'failed'],
      ['leader', 'failed'],
      ['clock', 'ok'],
      ['cluster', 'unknown'],
      ['prometheus', 'ok'],
    ]);
  });
});

describe('parts that cannot be read', () => {
  it('are unknown with the reason, and take nothing with them', async () => {
    const cluster = await openCluster();
    for (const path of [
      '/pd/api/v1/config/schedule',
      '/pd/api/v1/health',
      '/pd/api/v1/schedulers',
    ]) {
      cluster.sim.faults.answerWith({ path, status: 429, body: 'Too Many Requests\n', times: 99 });
    }
    const states = (await cluster.subject.diagnose()).map(({ check: name, state }) => [
      name,
      state,
    ]);
    expect(Object.fromEntries(states)).toMatchObject({
      leader: 'ok',
      members: 'unknown',
      stores: 'ok',
      drains: 'unknown',
      scheduling: 'unknown',
    });
  });

  it('are whatever an answer of HTML makes them, without throwing', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
    });
    closeLater(() => server.stop());
    const diagnoses = await openSubject([server.url]).diagnose();
    expect(diagnoses[0]).toMatchObject({ state: 'failed', remedy: { text: expect.any(String) } });
  });
});

describe('Prometheus', () => {
  async function open(instances: readonly string[]): Promise<OpenCluster> {
    const result = instances.map((instance, index) => ({
      metric: {
        instance,
        ...(instances.indexOf(instance) === instances.lastIndexOf(instance)
          ? {}
          : { replica: String(index % 2) }),
      },
      value: [1, '1'],
    }));
    const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
    const server = await startServer((_request, response) => {
      response.writeHead(200).end(body);
    });
    closeLater(() => server.stop());
    return openCluster({ tiflashStores: 1 }, new PrometheusClient({ url: server.url }));
  }

  it('that knows every store is fine', async () => {
    const cluster = await open([1, 2, 3, 4, 5].map((store) => `127.0.0.1:2018${store}`));
    expect(await check(cluster, 'prometheus ')).toMatchObject({
      state: 'ok',
      message: 'Prometheus knows 5 of 5 TiKV stores by status address.',
    });
  });

  it('that knows only some stores is reported with the missing ones', async () => {
    const cluster = await open(['127.0.0.1:20181', '127.0.0.1:20184']);
    const { state, message } = await check(cluster, 'prometheus ');
    expect(state).toBe('warning');
    expect(message).toContain('2 of 5');
    expect(message).toContain('stores 2, 3, 5');
  });

  it('that knows them by their gRPC addresses knows none of them', async () => {
    const cluster = await open([1, 2, 3, 4, 5].map((store) => `127.0.0.1:2016${store}`));
    expect(await check(cluster, 'prometheus ')).toMatchObject({
      state: 'failed',
      remedy: expect.stringContaining('status address'),
    });
  });

  it('with two series of a store is reported with the key to configure', async () => {
    const cluster = await open(
      [1, 2, 3, 4, 5].flatMap((store) => [`127.0.0.1:2018${store}`, `127.0.0.1:2018${store}`]),
    );
    expect(await check(cluster, 'prometheus ')).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('replica is "0" or "1"'),
      remedy: expect.stringContaining('prometheus.replicaLabels'),
    });
  });

  it('that does not answer is failed', async () => {
    const server = await startServer(() => {});
    await server.stop();
    const cluster = await openCluster({}, new PrometheusClient({ url: server.url }));
    expect(await check(cluster, 'prometheus ')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
