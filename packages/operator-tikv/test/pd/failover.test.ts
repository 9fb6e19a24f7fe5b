import { describe, expect, it, onTestFinished } from 'vitest';

import { PDClient } from '../../src/pd/index.ts';
import type { PDClientOptions } from '../../src/pd/index.ts';
import { healthReply, membersReply, raw, startFakePd } from './support/fake-pd.ts';
import type { FakePd, Handler, Reply } from './support/fake-pd.ts';

const STORES: Reply = { body: { count: 0, stores: [] } };
const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const text = (status: number, body: string): Reply => ({
  status,
  headers: TEXT,
  body: raw(`${body}\n`),
});
const REDIRECT_FAILED = text(500, '[PD:apiutil:ErrRedirect]redirect failed');
const NOT_BOOTSTRAPPED: Reply = {
  status: 500,
  body: '[PD:cluster:ErrNotBootstrapped]TiKV cluster not bootstrapped, please start TiKV first',
};

interface Cluster {
  readonly pds: readonly FakePd[];
  readonly client: PDClient;
}

/** Servers that know each other, the first of which leads, and a client of the first `configured`. */
async function start(
  handlers: readonly Handler[],
  options: Partial<PDClientOptions> & {
    readonly configured?: number;
    /** Members that the members report as healthy. Default: all. */
    readonly healthy?: number;
  } = {},
): Promise<Cluster> {
  const { configured = handlers.length, healthy = handlers.length, ...rest } = options;
  const pds: FakePd[] = [];
  for (const handler of handlers) {
    const pd = await startFakePd((request, connection) => {
      if (request.path === '/health') return healthReply(healthy, handlers.length);
      return request.path === '/members'
        ? membersReply(pds.map(({ endpoint }) => endpoint))
        : handler(request, connection);
    });
    pds.push(pd);
  }
  const endpoints = pds.slice(0, configured).map(({ endpoint }) => endpoint);
  const client = new PDClient({ endpoints, ...rest });
  onTestFinished(async () => {
    await client.close();
    await Promise.all(pds.map((pd) => pd.stop()));
  });
  return { pds, client };
}

/** Answers one after the other; the last one for ever. */
function inTurn(...replies: readonly [Reply, ...Reply[]]): Handler {
  let asked = 0;
  return () => {
    const reply = replies[Math.min(asked, replies.length - 1)];
    asked += 1;
    return reply;
  };
}

const cut: Handler = (_, { socket }) => {
  socket.destroy();
  return undefined;
};

describe('members', () => {
  it('are found by one request, and the leader is asked first', async () => {
    const { pds, client } = await start([() => STORES, () => STORES]);
    const [leader, follower] = pds;
    const backwards = new PDClient({
      endpoints: [follower?.endpoint ?? '', leader?.endpoint ?? ''],
    });
    onTestFinished(() => backwards.close());
    await backwards.getStores();
    await backwards.getStores();
    expect(follower?.lines).toStrictEqual(['GET /members']);
    expect(leader?.lines).toStrictEqual(['GET /stores', 'GET /stores']);
    await expect(client.getLeaderEndpoint()).resolves.toBe(leader?.endpoint);
  });

  it('are not asked for again when getMembers was called before', async () => {
    const { pds, client } = await start([() => STORES]);
    const { leader } = await client.getMembers();
    expect(leader?.clientUrls).toStrictEqual([pds[0]?.endpoint]);
    await client.getStores();
    expect(pds[0]?.lines).toStrictEqual(['GET /members', 'GET /stores']);
  });

  it('are asked for once by calls that begin together', async () => {
    const { pds, client } = await start([() => STORES]);
    await Promise.all([client.getMembers(), client.getStores(), client.getStores()]);
    expect(pds[0]?.lines.filter((line) => line === 'GET /members')).toHaveLength(1);
  });

  it('that were not configured take over when the configured one is gone', async () => {
    const { pds, client } = await start([() => STORES, () => STORES], { configured: 1 });
    await client.getStores();
    await pds[0]?.stop();
    await expect(client.getStores()).resolves.toStrictEqual([]);
    expect(pds[1]?.lines).toContain('GET /stores');
  });

  it('are asked for again after something failed', async () => {
    const { pds, client } = await start([() => STORES, () => STORES]);
    await client.getStores();
    await pds[0]?.stop();
    await client.getStores();
    await client.getStores();
    expect(pds[1]?.lines).toStrictEqual(['GET /stores', 'GET /members', 'GET /stores']);
  });

  it('whose URLs cannot be used do no harm, and the configured endpoint stays', async () => {
    const pd = await startFakePd(({ path }) =>
      path === '/members' ? membersReply(['unix:///tmp/pd.sock', 'http://127.0.0.1:1']) : STORES,
    );
    const client = new PDClient({ endpoints: [pd.endpoint] });
    onTestFinished(async () => {
      await client.close();
      await pd.stop();
    });
    await expect(client.getStores()).resolves.toStrictEqual([]);
  });

  it('are not needed to read', async () => {
    const pd = await startFakePd(({ path }) =>
      path === '/stores' ? STORES : text(404, '404 page not found'),
    );
    const client = new PDClient({ endpoints: [pd.endpoint] });
    onTestFinished(async () => {
      await client.close();
      await pd.stop();
    });
    await expect(client.getStores()).resolves.toStrictEqual([]);
    await expect(client.getStores()).resolves.toStrictEqual([]);
    expect(pd.lines).toStrictEqual(['GET /members', 'GET /stores', 'GET /stores']);
  });
});

describe('an election', () => {
  it.each<[string, Reply]>([
    ['redirect failed', REDIRECT_FAILED],
    ['redirect failed, in the words of 6.5', text(500, 'redirect failed')],
    ['no leader', text(503, '[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader')],
    ['no leader, in the words of 6.5', text(503, 'no leader')],
    [
      'redirect to not leader',
      text(500, '[PD:apiutil:ErrRedirectToNotLeader]redirect to not leader'),
    ],
    ['server not started', text(500, '[PD:server:ErrServerNotStarted]server not started')],
    [
      'a follower of 8.5 that cannot ask its leader for the configuration',
      {
        status: 500,
        body: 'Get "http://127.0.0.1:24003/pd/api/v1/config": dial tcp 127.0.0.1:24003: connect: connection refused',
      },
    ],
    ['not bootstrapped, of a leader that has just started', NOT_BOOTSTRAPPED],
    ['not bootstrapped, of /scheduler-config', { ...NOT_BOOTSTRAPPED, status: 406 }],
    [
      'etcd without quorum',
      { status: 500, body: '[PD:etcd:ErrEtcdKVGet]context deadline exceeded' },
    ],
    ['503 of a load balancer', text(503, '<html><body>no backend</body></html>')],
    ['502 of a load balancer', text(502, 'bad gateway')],
  ])('is waited for: %s', async (_, refusal) => {
    const clusterStatus = {
      body: { raft_bootstrap_time: '2026-11-21T19:33:40Z', is_initialized: true },
    };
    const answers = inTurn(refusal, refusal, refusal, STORES);
    const { pds, client } = await start([
      (request, raws) =>
        request.path === '/cluster/status' ? clusterStatus : answers(request, raws),
    ]);
    await expect(client.getStores()).resolves.toStrictEqual([]);
    expect(pds[0]?.lines.filter((line) => line === 'GET /stores')).toHaveLength(4);
  });

  it('as it was recorded: the leader dies, followers fail, then have none, then one of them leads', async () => {
    const follower = inTurn(
      REDIRECT_FAILED,
      REDIRECT_FAILED,
      text(503, 'redirect finds no leader'),
      NOT_BOOTSTRAPPED,
      STORES,
    );
    const { pds, client } = await start([() => STORES, follower], { configured: 1 });
    await client.getStores();
    await pds[0]?.stop();
    await expect(client.getStores()).resolves.toStrictEqual([]);
  });

  it('is waited for although members report all members unhealthy, as PD 6.5 does', async () => {
    let endsAt = Infinity;
    const follower: Handler = () => (performance.now() > endsAt ? STORES : text(503, 'no leader'));
    const { pds, client } = await start([() => STORES, follower, follower], { healthy: 0 });
    await client.getStores();
    await pds[0]?.stop();
    endsAt = performance.now() + 2500;
    await expect(client.getStores()).resolves.toStrictEqual([]);
  });

  it('that does not end becomes a typed error after electionMs', async () => {
    const { pds, client } = await start([() => REDIRECT_FAILED, () => text(503, 'no leader')], {
      electionMs: 2000,
    });
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_NO_LEADER',
      kind: 'unreachable',
      retryable: true,
      facts: {
        endpoints: expect.objectContaining({
          [pds[1]?.endpoint ?? '']: expect.stringContaining('no leader'),
        }),
      },
    });
    expect(pds[0]?.lines.length).toBeGreaterThan(2);
  });

  it('is not confused with a region that has no leader', async () => {
    const { pds, client } = await start([
      () => ({ status: 500, body: 'cannot build operator for region with no leader' }),
    ]);
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_REFUSED' });
    expect(pds[0]?.lines).toStrictEqual(['GET /members', 'GET /stores']);
  });

  it('that never ends for a new leader is told from a cluster that was never bootstrapped', async () => {
    const { client } = await start(
      [({ path }) => (path === '/cluster/status' ? text(500, 'PANIC: nil') : NOT_BOOTSTRAPPED)],
      { electionMs: 300 },
    );
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_NOT_BOOTSTRAPPED',
      retryable: true,
    });
  });
});

describe('a connection', () => {
  it('that is refused everywhere becomes a typed error that names every endpoint', async () => {
    const client = new PDClient({
      endpoints: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
      electionMs: 200,
    });
    onTestFinished(() => client.close());
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_UNREACHABLE',
      retryable: true,
      facts: {
        endpoints: {
          'http://127.0.0.1:1': expect.stringContaining('ECONNREFUSED'),
          'http://127.0.0.1:2': expect.stringContaining('ECONNREFUSED'),
        },
      },
    });
  });

  it('that is refused for a moment, because a single PD is restarted, is opened again', async () => {
    const { pds, client } = await start([() => STORES]);
    const [pd] = pds;
    await client.getStores();
    await pd?.stop();
    const reading = client.getStores();
    const again = await startFakePd(() => STORES, { port: pd?.port ?? 0 });
    onTestFinished(() => again.stop());
    await expect(reading).resolves.toStrictEqual([]);
  });

  it('that breaks before the answer leads to the next endpoint', async () => {
    const { pds, client } = await start([cut, () => STORES]);
    await expect(client.getStores()).resolves.toStrictEqual([]);
    expect(
      pds.map(({ lines }) => lines.filter((line) => line === 'GET /stores').length),
    ).toStrictEqual([1, 1]);
  });

  it('that breaks in the middle of the answer leads to the next endpoint', async () => {
    const { client } = await start([
      (_, { response, socket }) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"count":0,"sto', () => socket.destroy());
        return undefined;
      },
      () => STORES,
    ]);
    await expect(client.getStores()).resolves.toStrictEqual([]);
  });

  it('that is silent leads to the next endpoint, and is not tried again in that call', async () => {
    const silent: Handler = () => undefined;
    const { pds, client } = await start(
      [silent, inTurn(REDIRECT_FAILED, REDIRECT_FAILED, STORES)],
      {
        timeoutMs: 3000,
      },
    );
    await expect(client.getStores()).resolves.toStrictEqual([]);
    expect(pds[0]?.lines.filter((line) => line === 'GET /stores')).toHaveLength(1);
  });

  it('that failed is asked after the others for a while', async () => {
    const { pds, client } = await start([inTurnCut(1), () => STORES, () => STORES]);
    await client.getStores();
    await client.getStores();
    expect(pds[0]?.lines.filter((line) => line === 'GET /stores')).toHaveLength(1);
  });
});

function inTurnCut(times: number): Handler {
  let asked = 0;
  return (request, connection) => {
    asked += 1;
    return asked <= times ? cut(request, connection) : STORES;
  };
}

describe('an AbortSignal', () => {
  it('ends a read with its reason: waiting for an answer, for discovery, between two rounds, at once', async () => {
    const reason = new Error('enough');
    const silent = await start([() => undefined]);
    const election = await start([() => REDIRECT_FAILED]);
    for (const { client } of [silent, election]) {
      const controller = new AbortController();
      const reading = client.getStores({ signal: controller.signal });
      setTimeout(() => controller.abort(reason), 60);
      await expect(reading).rejects.toBe(reason);
      await expect(client.getStores({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    }
    const mute = await startFakePd(() => undefined);
    const client = new PDClient({ endpoints: [mute.endpoint] });
    onTestFinished(async () => {
      await client.close();
      await mute.stop();
    });
    const controller = new AbortController();
    const reading = client.getStores({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 60);
    await expect(reading).rejects.toBe(reason);
  });

  it('of one call does not end the discovery that another waits for', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pd = await startFakePd(async ({ path }) => {
      if (path !== '/members') return STORES;
      await promise;
      return membersReply([pd.endpoint]);
    });
    const client = new PDClient({ endpoints: [pd.endpoint] });
    onTestFinished(async () => {
      await client.close();
      await pd.stop();
    });
    const controller = new AbortController();
    const ended = client.getStores({ signal: controller.signal });
    const going = client.getStores();
    controller.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
    resolve();
    await expect(going).resolves.toStrictEqual([]);
  });

  it('of getMembers does not end the reads that wait for what it tells', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pd = await startFakePd(async ({ path }) => {
      if (path !== '/members') return STORES;
      await promise;
      return membersReply([pd.endpoint]);
    });
    const client = new PDClient({ endpoints: [pd.endpoint] });
    onTestFinished(async () => {
      await client.close();
      await pd.stop();
    });
    const controller = new AbortController();
    const ended = client.getMembers({ signal: controller.signal });
    const going = client.getStores();
    controller.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
    resolve();
    await expect(going).resolves.toStrictEqual([]);
  });
});
