import { describe, expect, it, onTestFinished } from 'vitest';

import { PDClient, PDError } from '../../src/pd/index.ts';
import { membersReply, raw, startFakePd } from './support/fake-pd.ts';
import type { FakePd, Handler, Reply } from './support/fake-pd.ts';
import { connect } from './support/replay.ts';
import {
  cancelRequest,
  drainRequest,
  leaderRequest,
  limitRequest,
  peerRequest,
  undrainRequest,
} from '../changes.ts';

const CREATED: Reply = { body: 'The operator is created.' };
const REQUEST = leaderRequest(49, 2);

/** Two servers of one cluster, and a client of both that asks the first one first. */
async function startTwo(
  first: Handler,
  second: Handler = () => CREATED,
  timeoutMs = 10_000,
): Promise<{
  readonly pds: readonly [FakePd, FakePd];
  readonly client: PDClient;
}> {
  const pds: FakePd[] = [];
  const start = async (handler: Handler): Promise<FakePd> => {
    const pd = await startFakePd((request, connection) =>
      request.path === '/members'
        ? membersReply(pds.map(({ endpoint }) => endpoint))
        : handler(request, connection),
    );
    pds.push(pd);
    return pd;
  };
  const both = [await start(first), await start(second)] as const;
  const client = new PDClient({ endpoints: both.map(({ endpoint }) => endpoint), timeoutMs });
  onTestFinished(async () => {
    await client.close();
    await Promise.all(both.map((pd) => pd.stop()));
  });
  return { pds: both, client };
}

/** PD's words for each change that it accepts; `null` where it has none. */
const ACCEPTED: Readonly<Record<string, string>> = {
  'POST /operators': 'The operator is created.',
  'DELETE /operators': 'The pending operator is canceled.',
  'POST /schedulers': 'The scheduler is created.',
  'POST /config/schedule': 'The config is updated.',
};

describe('the requests', () => {
  it('are these bytes', () => {
    expect(
      [
        leaderRequest(49, 2),
        peerRequest(49, 1, 4),
        cancelRequest(49),
        drainRequest(4),
        undrainRequest(4),
        limitRequest(0),
      ].map(({ method, path, body }) => `${method} ${path} ${body}`),
    ).toStrictEqual([
      'POST /pd/api/v1/operators {"name":"transfer-leader","region_id":49,"to_store_id":2}',
      'POST /pd/api/v1/operators {"name":"transfer-peer","region_id":49,"from_store_id":1,"to_store_id":4}',
      'DELETE /pd/api/v1/operators/49 null',
      'POST /pd/api/v1/schedulers {"name":"evict-leader-scheduler","store_id":4}',
      'DELETE /pd/api/v1/scheduler-config/evict-leader-scheduler/delete/4 null',
      'POST /pd/api/v1/config/schedule {"leader-schedule-limit":0}',
    ]);
  });

  it('are sent as they are, once each and without any other', async () => {
    const { client, pd } = await connect(({ method, path }) => ({
      body: ACCEPTED[`${method} ${path.replace(/\/\d+$/u, '')}`] ?? null,
    }));
    await expect(client.change(leaderRequest(49, 2))).resolves.toBe('The operator is created.');
    await client.change(peerRequest(49, 1, 4));
    await client.change(cancelRequest(49));
    await client.change(drainRequest(4));
    await client.change(undrainRequest(4));
    await client.change(limitRequest(0));
    const planned = [
      leaderRequest(49, 2),
      peerRequest(49, 1, 4),
      cancelRequest(49),
      drainRequest(4),
      undrainRequest(4),
      limitRequest(0),
    ];
    expect(
      pd.requests.map(({ method, path, body }) => [method, `/pd/api/v1${path}`, body]),
    ).toStrictEqual(planned.map(({ method, path, body }) => [method, path, body ?? '']));
  });
});

describe('a change that was accepted', () => {
  it.each<[string, Reply, string]>([
    ['with words', CREATED, 'The operator is created.'],
    [
      'in plain text, as PD in microservices answers',
      { body: raw('The operator is created.') },
      'The operator is created.',
    ],
  ])('%s', async (_, reply, answer) => {
    const { client } = await connect(() => reply);
    await expect(client.send(REQUEST)).resolves.toStrictEqual({
      outcome: 'accepted',
      status: 200,
      answer,
    });
  });
});

describe('a change that PD refused', () => {
  it.each<[string, Reply, object]>([
    [
      'a JSON string',
      { status: 500, body: 'cannot create operator: target leader is not allowed' },
      { code: 'PD_REFUSED', status: 500, pdCode: null },
    ],
    [
      'an errcode object',
      { status: 400, body: { code: 'input', msg: 'unexpected end of JSON input', data: {} } },
      { code: 'PD_REFUSED', status: 400 },
    ],
    [
      'a string in a string',
      {
        status: 500,
        body: '"[PD:core:ErrPauseLeaderTransfer]store 4 is paused for leader transfer"\n',
      },
      { code: 'PD_REFUSED', pdCode: 'PD:core:ErrPauseLeaderTransfer' },
    ],
    [
      'two documents',
      {
        status: 500,
        body: raw('"[PD:core:ErrStoreNotFound]store 99 not found"\n"The scheduler is created."\n'),
      },
      { code: 'PD_NOT_FOUND', pdCode: 'PD:core:ErrStoreNotFound' },
    ],
    [
      'too many requests',
      { status: 429, body: raw('Too Many Requests\n') },
      { code: 'PD_RATE_LIMITED', retryable: true },
    ],
  ])('with %s is sent once and keeps the words', async (_, reply, expected) => {
    const { pds, client } = await startTwo(() => reply);
    const result = await client.send(REQUEST);
    expect(result).toMatchObject({ outcome: 'refused', status: reply.status });
    const error: unknown = await client
      .change(leaderRequest(49, 2))
      .catch((caught: unknown) => caught);
    expect(PDError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ kind: 'failed', endpoint: pds[0].endpoint, ...expected });
    expect(JSON.stringify([result, error])).not.toMatch(/secret|token/u);
    expect(pds.map(({ lines }) => lines)).toStrictEqual([
      ['POST /operators', 'POST /operators'],
      [],
    ]);
  });
});

describe('a change whose answer was lost', () => {
  const half: Handler = (_, { response, socket }) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('"The oper', () => socket.destroy());
    return undefined;
  };
  const cutBefore: Handler = (_, { socket }) => {
    socket.destroy();
    return undefined;
  };

  it.each<[string, Handler, string]>([
    ['the connection broke before an answer', cutBefore, 'PD_UNREACHABLE'],
    ['the answer broke off', half, 'PD_RESPONSE_INVALID'],
    ['no answer came in time', () => undefined, 'PD_TIMEOUT'],
    [
      'a member could not reach the leader',
      () => ({ status: 500, body: raw('[PD:apiutil:ErrRedirect]redirect failed\n') }),
      'PD_NO_LEADER',
    ],
    [
      'PD panicked',
      () => ({ status: 500, body: raw('PANIC: nil\ngoroutine 1 [running]\n') }),
      'PD_REFUSED',
    ],
    [
      'PD could not save it in time',
      () => ({ status: 500, body: 'etcdserver: request timed out' }),
      'PD_REFUSED',
    ],
    [
      'etcd failed',
      () => ({
        status: 500,
        body: '[PD:etcd:ErrEtcdTxnInternal]internal etcd transaction error occurred',
      }),
      'PD_NO_LEADER',
    ],
    [
      'a load balancer gave up',
      () => ({ status: 504, body: raw('<html>Gateway Timeout</html>') }),
      'PD_UNREACHABLE',
    ],
    [
      'a proxy answered 200',
      () => ({ body: raw('<!doctype html><html></html>') }),
      'PD_RESPONSE_INVALID',
    ],
    [
      'a proxy answered 500',
      () => ({ status: 500, body: raw('<html>Error</html>') }),
      'PD_RESPONSE_INVALID',
    ],
    [
      'a proxy denied it',
      () => ({ status: 403, body: raw('<html>Forbidden</html>') }),
      'PD_RESPONSE_INVALID',
    ],
    [
      'a proxy sent it elsewhere',
      () => ({
        status: 307,
        headers: { location: 'http://user:secret@elsewhere:1/x?token=y' },
        body: raw(''),
      }),
      'PD_RESPONSE_INVALID',
    ],
    ['it was not found in no words', () => ({ status: 404, body: null }), 'PD_NOT_FOUND'],
    ['it was refused in no words', () => ({ status: 405, body: raw('') }), 'PD_REFUSED'],
    ['it was accepted in no words', () => ({ body: null }), 'PD_RESPONSE_INVALID'],
    ['the answer was empty', () => ({ body: raw('') }), 'PD_RESPONSE_INVALID'],
    ['the error was empty', () => ({ status: 500, body: raw('') }), 'PD_REFUSED'],
    [
      'the answer was not HTTP',
      (_, { socket }) => void socket.end('SSH-2.0-OpenSSH\r\n'),
      'PD_RESPONSE_INVALID',
    ],
  ])('because %s is never sent again', async (_, handler, lostBy) => {
    const { pds, client } = await startTwo(
      handler,
      handler,
      lostBy === 'PD_TIMEOUT' ? 300 : 10_000,
    );
    await client.getMembers();
    const result = await client.send(REQUEST);
    expect(result).toMatchObject({ outcome: 'unknown', reason: expect.stringMatching(/\S/u) });
    expect(JSON.stringify(result)).not.toMatch(/secret|token/u);
    await expect(client.change(leaderRequest(49, 2))).rejects.toMatchObject({
      code: 'PD_OUTCOME_UNKNOWN',
      kind: 'unverified',
      retryable: false,
      facts: { lostBy, method: 'POST', path: '/pd/api/v1/operators' },
      remedy: expect.stringContaining('do not simply send the request again'),
    });
    const posts = pds.flatMap(({ lines }) => lines.filter((line) => line.startsWith('POST')));
    expect(posts).toHaveLength(2);
  });

  it('because the answer was too large is never sent again', async () => {
    const { client, pd } = await connect(() => ({ body: 'x'.repeat(5000) }), {
      maxBodyBytes: 1000,
    });
    await expect(client.send(REQUEST)).resolves.toMatchObject({ outcome: 'unknown' });
    expect(pd.lines).toStrictEqual(['POST /operators']);
  });

  it('because it was interrupted after it was sent', async () => {
    const controller = new AbortController();
    const { client, pd } = await connect(() => {
      controller.abort(new Error('enough'));
      return undefined;
    });
    await expect(client.send(REQUEST, { signal: controller.signal })).resolves.toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('interrupted'),
    });
    expect(pd.lines).toStrictEqual(['POST /operators']);
  });

  it('because the client was closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { client } = await connect(() => {
      resolve();
      return undefined;
    });
    const sending = client.send(REQUEST);
    await promise;
    await client.close();
    await expect(sending).resolves.toMatchObject({ outcome: 'unknown' });
  });
});

describe('a change that certainly was not carried out', () => {
  it.each<[string, Reply]>([
    [
      'no leader',
      { status: 503, body: raw('[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader\n') },
    ],
    ['no leader, in the words of 6.5', { status: 503, body: raw('no leader\n') }],
    ['redirect to not leader', { status: 500, body: raw('redirect to not leader\n') }],
    [
      'server not started',
      { status: 500, body: raw('[PD:server:ErrServerNotStarted]server not started\n') },
    ],
    [
      'not bootstrapped',
      {
        status: 500,
        body: '[PD:cluster:ErrNotBootstrapped]TiKV cluster not bootstrapped, please start TiKV first',
      },
    ],
  ])('because of %s goes to the next endpoint, once', async (_, reply) => {
    const { pds, client } = await startTwo(() => reply);
    await expect(client.send(REQUEST)).resolves.toMatchObject({ outcome: 'accepted' });
    expect(pds.map(({ lines }) => lines)).toStrictEqual([['POST /operators'], ['POST /operators']]);
  });

  it('because no server listens goes to the next endpoint', async () => {
    const { pds, client } = await startTwo(() => CREATED);
    await client.getMembers();
    await pds[0].stop();
    await expect(client.change(leaderRequest(49, 2))).resolves.toBe('The operator is created.');
    expect(pds[1].lines).toStrictEqual(['POST /operators']);
  });

  it('anywhere is refused where a server said so, without waiting for an election', async () => {
    const noLeader: Handler = () => ({ status: 503, body: raw('no leader\n') });
    const { pds, client } = await startTwo(noLeader, noLeader);
    await expect(client.send(REQUEST)).resolves.toEqual({
      outcome: 'refused',
      status: 503,
      certain: true,
      answer: 'no leader',
    });
    await expect(client.change(leaderRequest(49, 2))).rejects.toMatchObject({
      code: 'PD_NO_LEADER',
      retryable: true,
    });
    expect(pds.map(({ lines }) => lines.length)).toStrictEqual([2, 2]);
  });

  it('because no endpoint can be reached says so', async () => {
    const client = new PDClient({ endpoints: ['http://127.0.0.1:1'] });
    onTestFinished(() => client.close());
    await expect(client.send(REQUEST)).resolves.toMatchObject({
      outcome: 'not_sent',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(client.change(cancelRequest(1))).rejects.toMatchObject({ code: 'PD_UNREACHABLE' });
  });

  it('because its signal was aborted before rejects with the reason and sends nothing', async () => {
    const { client, pd } = await connect(() => CREATED);
    const reason = new Error('enough');
    const options = { signal: AbortSignal.abort(reason) };
    await expect(client.send(REQUEST, options)).rejects.toBe(reason);
    await expect(client.change(drainRequest(1), options)).rejects.toBe(reason);
    expect(pd.requests).toStrictEqual([]);
  });
});

it('a request that cannot be written down is the caller’s mistake, not PD’s silence', async () => {
  const { client, pd } = await connect(() => CREATED);
  await expect(client.send({ ...REQUEST, path: 'no path' })).rejects.toThrow(/path/u);
  expect(pd.requests).toStrictEqual([]);
});
