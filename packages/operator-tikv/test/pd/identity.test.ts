import { describe, expect, it, onTestFinished } from 'vitest';

import type { PlanOutcome } from 'operator-core';

import { withTarget } from '../../src/contract/target.ts';
import { PDClient } from '../../src/pd/index.ts';
import type { PDClientOptions, PDMemory } from '../../src/pd/index.ts';
import { membersReply, raw, startFakePd } from './support/fake-pd.ts';
import type { FakePd, Handler, Reply } from './support/fake-pd.ts';
import { drainRequest } from '../changes.ts';

const A = '7710710192817138334';
const B = '7462183643873562342';
const STORES: Reply = { body: { count: 0, stores: [] } };
const CHANGED: Reply = { body: 'The scheduler is created.' };

/** A server of a cluster whose members are where `advertised` says; by default it is the only one. */
async function startMember(
  clusterId: string,
  advertised: (own: string) => readonly string[] = (own) => [own],
): Promise<FakePd> {
  const pd = await startFakePd(
    ({ method, path }) => {
      if (path === '/members') return membersReply(advertised(pd.endpoint), { clusterId });
      return method === 'GET' ? STORES : CHANGED;
    },
    { identity: clusterId },
  );
  onTestFinished(() => pd.stop());
  return pd;
}

/** A server that answers the question who it is, and everything else, in its own way. */
async function startStranger(handler: Handler): Promise<FakePd> {
  const pd = await startFakePd(handler, { identity: null });
  onTestFinished(() => pd.stop());
  return pd;
}

function connect(
  endpoints: readonly (FakePd | string)[],
  options: Partial<PDClientOptions> = {},
): PDClient {
  const client = new PDClient({
    endpoints: endpoints.map((one) => (typeof one === 'string' ? one : one.endpoint)),
    electionMs: 300,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

const NOWHERE = 'http://127.0.0.1:1';

describe('an endpoint that a member advertises', () => {
  it('is not used when it belongs to another cluster, whatever the member says', async () => {
    const other = await startMember(A);
    // The leader that this member names is the other cluster's server.
    const member = await startMember(B, () => [other.endpoint]);
    const client = connect([member], { clusterId: B });
    await client.getStores();
    await client.change(drainRequest(1));
    expect(await client.getProvenEndpoints()).toStrictEqual([member.endpoint]);
    expect(other.lines).toStrictEqual([]);
    // By its own word it does not lead, so that it is asked for the members of the leader too.
    const asked = ['GET /members', 'GET /members', 'GET /stores', 'POST /schedulers'];
    expect(member.lines).toStrictEqual(asked);
  });

  it('is not used when several ask at once who it is', async () => {
    const other = await startMember(A);
    const member = await startMember(B, () => [other.endpoint]);
    const client = connect([member], { clusterId: B });
    await client.getMembers();
    const asked = [1, 2, 3].map(() => client.getProvenEndpoints());
    await Promise.all([client.getStores(), client.getStores(), client.change(drainRequest(1))]);
    for (const proven of await Promise.all(asked)) expect(proven).toStrictEqual([member.endpoint]);
    expect(other.lines).toStrictEqual([]);
  });

  it('is never asked anything with discover: false', async () => {
    const internal = await startStranger(() => ({ body: raw('a secret of the network') }));
    const advertised = internal.endpoint;
    const member = await startMember(A, (own) => [advertised, own]);
    const pinned = connect([member], {
      discover: false,
      remembered: { clusterId: A, endpoints: [advertised] },
    });
    await pinned.getStores();
    await pinned.change(drainRequest(1));
    await pinned.getProvenEndpoints();
    expect([internal.lines, pinned.endpoints]).toStrictEqual([[], [member.endpoint]]);
    const curious = connect([member]);
    await curious.getProvenEndpoints();
    expect(internal.lines).toStrictEqual(['GET /cluster']);
    expect(internal.requests[0]?.headers).not.toHaveProperty('x-caller-id');
  });

  it('is asked at the address to which it is mapped', async () => {
    const inside = await startMember(A, () => ['http://10.255.255.1:2379']);
    const other = await startMember(A, () => ['http://10.255.255.1:2379']);
    const client = connect([other], {
      addressMap: { 'http://10.255.255.1:2379': inside.endpoint },
    });
    await client.getStores();
    expect(inside.lines).toStrictEqual(['GET /stores']);
    expect(await client.getLeaderEndpoint()).toBe(inside.endpoint);
    expect(client.endpoints).not.toContain('http://10.255.255.1:2379');
  });

  it('is one of a bounded number', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `http://127.0.0.1:${index + 1}`);
    const member = await startMember(A, (own) => [own, ...many]);
    const client = connect([member]);
    await client.getStores();
    expect(client.endpoints.length).toBeLessThanOrEqual(33);
  });
});

describe('an endpoint that does not prove who it is', () => {
  const silent: Handler = () => undefined;
  it.each<[string, Handler, string]>([
    ['another cluster', () => ({ body: raw(`{"id":${A}}`) }), `belongs to cluster ${A}`],
    ['404', () => ({ status: 404, body: raw('404 page not found\n') }), 'status 404'],
    ['404 without a word', () => ({ status: 404, body: raw('') }), 'the server is not PD'],
    ['401', () => ({ status: 401, body: raw('who are you?') }), 'status 401'],
    ['a web page', () => ({ body: raw('<!doctype html><html></html>') }), 'a web page'],
    ['other JSON', () => ({ body: { ok: true } }), 'id'],
    ['a redirect', () => ({ status: 302, headers: { location: 'http://a/' } }), 'redirect'],
    ['silence', silent, 'took longer'],
    ['a cut connection', (_, { socket }) => void socket.destroy(), 'lost the connection'],
  ])('is not used, and the next one is: %s', async (_, handler, words) => {
    const stranger = await startStranger(handler);
    const member = await startMember(B);
    const client = connect([stranger, member], { clusterId: B });
    await client.getStores();
    await client.change(drainRequest(1));
    const questions = new Set(['GET /members', 'GET /cluster']);
    expect(new Set(stranger.lines)).toStrictEqual(questions);
    const isForItself = stranger.requests.map(
      ({ headers }) => 'pd-allow-follower-handle' in headers,
    );
    expect(new Set(isForItself)).toStrictEqual(new Set([true]));
    expect(member.lines).toContain('POST /schedulers');
    const alone = connect([stranger], { clusterId: B, electionMs: 50 });
    await expect(alone.getStores()).rejects.toThrow(words);
    await expect(alone.getStores()).rejects.not.toThrow('PD answered');
    await expect(alone.change(drainRequest(1))).rejects.toThrow(words);
  });

  it('is asked for as long as an election lasts while it starts and holds what it is asked', async () => {
    const startedAt = performance.now();
    const member = await startStranger(({ path }) => {
      if (performance.now() - startedAt < 6000) return undefined;
      if (path === '/cluster') return { body: raw(`{"id":${B}}`) };
      return path === '/members' ? membersReply([member.endpoint], { clusterId: B }) : STORES;
    });
    const client = connect([member], { clusterId: B, electionMs: 20_000 });
    await expect(client.getStores()).resolves.toStrictEqual([]);
    expect(member.lines.filter((line) => line === 'GET /cluster').length).toBeGreaterThan(2);
  }, 30_000);

  it('is named with its reason when no other one can be used', async () => {
    const other = await startMember(A);
    const stranger = await startStranger(() => ({ status: 404, body: raw('404 page not found') }));
    const client = connect([other, stranger, NOWHERE], { clusterId: B });
    const failing = client.getStores();
    await expect(failing).rejects.toMatchObject({
      kind: 'unreachable',
      facts: {
        endpoints: {
          [other.endpoint]: expect.stringContaining(`belongs to cluster ${A}`),
          [stranger.endpoint]: expect.stringContaining('status 404'),
          [NOWHERE]: expect.stringContaining('ECONNREFUSED'),
        },
      },
    });
    await expect(failing).rejects.toThrow(/can be used/u);
    expect(other.lines).toStrictEqual(['GET /members']);
  });

  it('is not believed when its members are those of another cluster', async () => {
    const lying = await startFakePd(
      ({ path }) => (path === '/members' ? membersReply([], { clusterId: A }) : STORES),
      { identity: B },
    );
    onTestFinished(() => lying.stop());
    const client = connect([lying], { clusterId: B });
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_CLUSTER_MISMATCH' });
    expect(lying.lines).toStrictEqual(['GET /members', 'GET /members']);
  });

  it('is asked again immediately before each change: another server may stand there by now', async () => {
    let clusterId = A;
    const tunnel = await startStranger(({ method, path }) => {
      if (path === '/cluster') return { body: raw(`{"id":${clusterId}}`) };
      if (path === '/members') return membersReply([tunnel.endpoint], { clusterId });
      return method === 'GET' ? STORES : CHANGED;
    });
    const client = connect([tunnel]);
    await client.getStores();
    await client.change(drainRequest(1));
    clusterId = B;
    const before = tunnel.lines.length;
    await expect(client.change(drainRequest(2))).rejects.toMatchObject({
      code: 'PD_CLUSTER_MISMATCH',
    });
    expect(tunnel.lines.slice(before)).toStrictEqual(['GET /cluster']);
  });

  it('is asked again after its connection failed, before it is read', async () => {
    const member = await startMember(A);
    const client = connect([member]);
    await client.getStores();
    await member.stop();
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_UNREACHABLE' });
    const usurper = await startFakePd(() => STORES, { port: member.port, identity: B });
    onTestFinished(() => usurper.stop());
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_CLUSTER_MISMATCH' });
    expect(usurper.lines).toStrictEqual([]);
  });
});

describe('a set of endpoints of which none proves its cluster any more', () => {
  const draft: PlanOutcome = {
    kind: 'draft',
    summary: 'Drain store 1.',
    impact: [],
    resources: [{ resource: 'store:1', mode: 'exclusive' }],
    evidence: { bound: [], shown: [] },
    effects: [],
    requests: [drainRequest(1)],
    inverse: { none: 'It is a test.' },
    deadlineMs: 1000,
  };

  /** A client that knows the members; from then on no server listens on their ports. */
  async function connectAndLose(): Promise<{ client: PDClient; port: number }> {
    const member = await startMember(A);
    const client = connect([member], { clusterId: A });
    await client.getStores();
    await member.stop();
    // The read that finds it out forgets the proof.
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_UNREACHABLE' });
    return { client, port: member.port };
  }

  it('is an error of an unreachable system with its reason, and never an empty target', async () => {
    const { client, port } = await connectAndLose();
    const unreachable = {
      code: 'PD_UNREACHABLE',
      kind: 'unreachable',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    };
    await expect(client.getProvenEndpoints()).rejects.toMatchObject(unreachable);
    const { signal } = new AbortController();
    const plan = withTarget(client, signal, async () => draft);
    await expect(plan).rejects.toMatchObject(unreachable);
  });

  it('is waited for as long as a read waits: a member that comes back takes the request', async () => {
    const { client, port } = await connectAndLose();
    const waiting = withTarget(client, new AbortController().signal, async () => draft);
    const back = await startFakePd(() => STORES, { port, identity: A });
    onTestFinished(() => back.stop());
    expect(await waiting).toMatchObject({ requests: [{ target: [back.endpoint] }] });
  });

  it('hides no refusal: an action that is refused needs no target', async () => {
    const { client } = await connectAndLose();
    const refused: PlanOutcome = { kind: 'nothing_to_do', summary: 'It is drained.', facts: {} };
    const { signal } = new AbortController();
    expect(await withTarget(client, signal, async () => refused)).toBe(refused);
  });
});

describe('the leader of the configured cluster', () => {
  /** A member that answers everything itself, and a count of what it is asked. */
  async function startLeader(listMembers: (own: string) => Reply | undefined): Promise<FakePd> {
    const pd = await startStranger(({ method, path }) => {
      if (path === '/cluster') return { body: raw(`{"id":${A}}`) };
      if (path === '/members') return listMembers(pd.endpoint);
      return method === 'GET' ? STORES : CHANGED;
    });
    return pd;
  }

  it('proves itself by its list of members, which is asked of itself and once', async () => {
    const leader = await startLeader((own) => membersReply([own], { clusterId: A }));
    const client = connect([leader], { clusterId: A });
    await Promise.all([client.getMembers(), client.getStores(), client.getStores()]);
    expect(leader.lines).toStrictEqual(['GET /members', 'GET /stores', 'GET /stores']);
    expect(leader.requests[0]?.headers).toMatchObject({ 'pd-allow-follower-handle': 'true' });
    await client.change(drainRequest(1));
    expect(leader.lines.slice(3)).toStrictEqual(['GET /cluster', 'POST /schedulers']);
  });

  it.each<[string, Reply | undefined]>([
    ['no answer', undefined],
    ['an error', { status: 500, body: '[PD:etcd:ErrEtcdMemberList]context deadline exceeded' }],
    ['no leader', { body: { header: { cluster_id: 7 }, members: [] } }],
    ['a web page', { body: raw('<!doctype html><html></html>') }],
  ])('is asked for its cluster alone after %s to the members', async (_, first) => {
    let isFirst = true;
    const leader = await startLeader((own) => {
      const reply = isFirst ? first : membersReply([own], { clusterId: A });
      isFirst = false;
      return reply;
    });
    const client = connect([leader], { clusterId: A });
    await client.getStores();
    const asked = ['GET /members', 'GET /cluster', 'GET /members', 'GET /stores'];
    expect(leader.lines).toStrictEqual(asked);
  });
});

describe('without a configured cluster', () => {
  it('endpoints of two are an error that names both, for reads and for changes', async () => {
    const [one, two] = [await startMember(A), await startMember(B)];
    for (const endpoints of [
      [one, two],
      [two, one, NOWHERE],
    ]) {
      const client = connect(endpoints);
      const mismatch = {
        code: 'PD_CLUSTER_MISMATCH',
        kind: 'config',
        facts: { clusters: { [one.endpoint]: A, [two.endpoint]: B } },
      };
      await expect(client.getStores()).rejects.toMatchObject(mismatch);
      await expect(client.change(drainRequest(1))).rejects.toMatchObject(mismatch);
      await expect(client.getProvenEndpoints()).rejects.toThrow(A);
    }
    expect([one.lines, two.lines]).toStrictEqual([[], []]);
  });

  it('one that comes back as another cluster is an error too', async () => {
    const one = await startMember(A);
    const port = (await startClosed()).port;
    const client = connect([one, `http://127.0.0.1:${port}`]);
    await client.getStores();
    const two = await startFakePd(() => STORES, { port, identity: B });
    onTestFinished(() => two.stop());
    await one.stop();
    await expect(client.getStores()).rejects.toMatchObject({ facts: { found: B, expected: A } });
    expect(two.lines).toStrictEqual([]);
  });

  it('what is remembered says which one is meant: the other one is refused when it is alone', async () => {
    const two = await startMember(B);
    const remembered: PDMemory = { clusterId: A, endpoints: [] };
    const client = connect([NOWHERE, two], { remembered });
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_CLUSTER_MISMATCH',
      facts: { found: B, expected: A },
      remedy: expect.stringContaining(`clusterId: "${B}"`),
    });
    await expect(client.change(drainRequest(1))).rejects.toMatchObject({
      code: 'PD_CLUSTER_MISMATCH',
    });
    expect(two.lines).toStrictEqual([]);
    const meant = connect([NOWHERE, two], { remembered, clusterId: B });
    await expect(meant.getStores()).resolves.toStrictEqual([]);
  });
});

describe('remembered endpoints', () => {
  it('stand in for a configured one that is gone, when they are of the same cluster', async () => {
    const [gone, other, left] = [await startClosed(), await startMember(B), await startMember(A)];
    const remembered = { clusterId: A, endpoints: [other.endpoint, left.endpoint] };
    for (const options of [{ remembered }, { remembered, clusterId: A }]) {
      const client = connect([gone], options);
      await expect(client.getStores()).resolves.toStrictEqual([]);
      expect(await client.getProvenEndpoints()).toStrictEqual([left.endpoint]);
    }
    expect(other.lines).toStrictEqual([]);
  });

  it('are told when the members are read, once, and only when they are others than before', async () => {
    const told: PDMemory[] = [];
    const member = await startMember(A);
    const memory = { clusterId: A, endpoints: [member.endpoint] };
    const onRemember = (found: PDMemory): void => void told.push(found);
    const first = connect([member], { onRemember });
    await first.getStores();
    await first.getMembers();
    expect(told).toStrictEqual([memory]);
    await connect([member], { onRemember, remembered: memory }).getStores();
    expect(told).toHaveLength(1);
  });
});

/** An address without a listening server. */
async function startClosed(): Promise<FakePd> {
  const pd = await startFakePd(() => STORES);
  await pd.stop();
  return pd;
}
