import { describe, expect, it, onTestFinished } from 'vitest';

import { OperatorError } from 'operator-core';

import { PD_ERROR_CODES, PDClient, PDError } from '../../src/pd/index.ts';
import type { PDErrorCode } from '../../src/pd/index.ts';
import { healthReply, membersReply, raw, startFakePd } from './support/fake-pd.ts';
import type { Handler, Reply } from './support/fake-pd.ts';
import { connect } from './support/replay.ts';
import { cancelRequest } from '../changes.ts';

const HTML = raw('<!DOCTYPE html><html><body>Sign in</body></html>');

/** The error that reading the stores ends with. */
async function errorOf(
  handler: Handler,
  options: Partial<ConstructorParameters<typeof PDClient>[0]> = {},
): Promise<PDError> {
  const { client } = await connect(handler, { electionMs: 200, ...options });
  const error: unknown = await client.getStores().catch((thrown: unknown) => thrown);
  if (!PDError.isInstance(error)) throw new Error('no PDError', { cause: error });
  return error;
}

const PROVOKED: Readonly<Record<PDErrorCode, () => Promise<PDError>>> = {
  PD_ENDPOINT_INVALID: () => Promise.resolve(invalidEndpoint('2379')),
  PD_ID_INVALID: () => caught((client) => client.getStore(0)),
  PD_UNREACHABLE: () => caught((client) => client.getStores(), ['http://127.0.0.1:1']),
  PD_NO_LEADER: () => errorOf(() => ({ status: 503, body: raw('no leader\n') })),
  PD_QUORUM_LOST: () =>
    errorOf(({ path }) =>
      path === '/health' ? healthReply(1, 3) : { status: 503, body: raw('no leader\n') },
    ),
  PD_NOT_BOOTSTRAPPED: () =>
    errorOf(() => ({
      status: 500,
      body: 'TiKV cluster not bootstrapped, please start TiKV first',
    })),
  PD_TIMEOUT: () =>
    errorOf(({ path }) => (path === '/stores' ? undefined : {}), { timeoutMs: 100 }),
  PD_TLS_FAILED: async () => {
    const pd = await startFakePd(() => ({}));
    onTestFinished(() => pd.stop());
    return await caught((client) => client.getStores(), [pd.endpoint.replace('http', 'https')]);
  },
  PD_CLUSTER_MISMATCH: () => errorOf(() => ({}), { clusterId: '1' }),
  PD_REFUSED: () => errorOf(() => ({ status: 400, body: 'no' })),
  PD_NOT_FOUND: () => errorOf(() => ({ status: 404, body: raw('404 page not found\n') })),
  PD_RATE_LIMITED: () => errorOf(() => ({ status: 429, body: raw('Too Many Requests\n') })),
  PD_RESPONSE_INVALID: () => errorOf(() => ({ body: HTML })),
  PD_RESPONSE_TOO_LARGE: () => errorOf(() => ({ body: 'x'.repeat(3000) }), { maxBodyBytes: 2000 }),
  PD_OUTCOME_UNKNOWN: async () => {
    const { client } = await connect((_, { socket }) => void socket.destroy());
    return await caughtOf(client.change(cancelRequest(1)));
  },
  PD_CLIENT_CLOSED: async () => {
    const client = new PDClient({ endpoints: ['http://127.0.0.1:1'] });
    await client.close();
    return await caughtOf(client.getStores());
  },
};

async function caughtOf(promise: Promise<unknown>): Promise<PDError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!PDError.isInstance(error)) throw new Error('no PDError', { cause: error });
  return error;
}

async function caught(
  call: (client: PDClient) => Promise<unknown>,
  endpoints: readonly string[] = ['http://127.0.0.1:1'],
): Promise<PDError> {
  const client = new PDClient({ endpoints, electionMs: 200 });
  onTestFinished(() => client.close());
  return await caughtOf(call(client));
}

function invalidEndpoint(endpoint: string): PDError {
  try {
    return new PDClient({ endpoints: [endpoint] }) as never;
  } catch (error) {
    if (PDError.isInstance(error)) return error;
    throw error;
  }
}

describe('PDError', () => {
  it.each(PD_ERROR_CODES)(
    '%s can be provoked, says where and what to do, and is a document',
    async (code) => {
      const error = await PROVOKED[code]();
      expect(error.code).toBe(code);
      expect(OperatorError.isInstance(error)).toBe(true);
      expect(error.message).toMatch(/\S{3}/u);
      expect(error.remedy).toMatch(/^[A-Z].*\.$/u);
      expect(JSON.parse(JSON.stringify(error))).toStrictEqual({
        code,
        kind: error.kind,
        message: error.message,
        remedy: error.remedy,
        next: error.next,
        facts: error.facts,
        retryable: error.retryable,
      });
    },
  );

  it('is known by its brand, not by its class', () => {
    const other = {
      [Symbol.for('operator.error')]: true,
      [Symbol.for('operator.tikv.pd-error')]: true,
    };
    expect(PDError.isInstance(other)).toBe(true);
    expect(
      PDError.isInstance(new OperatorError({ code: 'X', kind: 'bug', message: 'x', remedy: 'x' })),
    ).toBe(false);
    expect(PDError.isInstance(new Error('x'))).toBe(false);
    expect(PDError.isInstance(null)).toBe(false);
  });
});

describe('endpoints', () => {
  it.each([
    ['127.0.0.1:2379', 'is not a URL'],
    ['pd:2379', 'neither http:// nor https://'],
    ['ftp://pd:2379', 'neither http:// nor https://'],
    ['http://pd:2379/pd/api', 'more than a host and a port'],
    ['http://pd:2379/?x=1', 'more than a host and a port'],
    ['http://root:secret@pd:2379', 'holds credentials'],
    ['http://root:secret@', 'is not a URL'],
    ['', 'is not a URL'],
  ])('%j cannot be used', (endpoint, words) => {
    const error = invalidEndpoint(endpoint);
    expect(error).toMatchObject({ code: 'PD_ENDPOINT_INVALID', kind: 'config', retryable: false });
    expect(error.message).toContain(words);
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it.each([{ timeoutMs: 0 }, { timeoutMs: Number.NaN }, { electionMs: -1 }, { maxBodyBytes: 0.5 }])(
    'need limits that are some: %j',
    (limits) => {
      expect(() => new PDClient({ endpoints: ['http://127.0.0.1:1'], ...limits })).toThrow(
        expect.objectContaining({ code: 'PD_ID_INVALID' }),
      );
    },
  );

  it('may be given any time', async () => {
    const { client } = await connect(() => ({ body: { count: 0, stores: [] } }), {
      timeoutMs: 2 ** 40,
    });
    await expect(client.getStores()).resolves.toStrictEqual([]);
  });

  it('are needed', () => {
    expect(() => new PDClient({ endpoints: [] })).toThrow('cannot be used');
  });

  it('of a diagnosis are checked too', async () => {
    expect((await caught((client) => client.getStatus('pd'))).code).toBe('PD_ENDPOINT_INVALID');
  });

  it('of a diagnosis are asked once, and their failures are theirs', async () => {
    const { client, pd } = await connect(() => ({ status: 503, body: raw('no leader\n') }));
    expect((await caughtOf(client.getStatus(pd.endpoint))).code).toBe('PD_NO_LEADER');
    expect((await caughtOf(client.getStatus('http://127.0.0.1:1'))).code).toBe('PD_UNREACHABLE');
    expect(pd.lines).toStrictEqual(['GET /status']);
  });
});

describe('an answer that PD does not give', () => {
  it.each<[string, Reply, RegExp]>([
    ['a web page', { body: HTML }, /a web page/u],
    ['a web page with an error', { status: 500, body: HTML }, /a web page/u],
    ['the sign-in page of a proxy', { status: 401, body: HTML }, /a web page/u],
    ['nothing', { body: raw('') }, /an empty body/u],
    ['204', { status: 204, body: raw('') }, /an empty body/u],
    ['half a document', { body: raw('{"count": 5, "stores": [') }, /no complete JSON/u],
    ['text', { body: raw('hello') }, /no complete JSON/u],
    ['null', { body: null }, /\$ is not an object/u],
    [
      'a redirect',
      {
        status: 301,
        headers: { location: 'http://u:secret@other:1/pd/api/v1/stores?token=x' },
        body: raw(''),
      },
      /redirect to http:\/\/other:1\/pd\/api\/v1\/stores,/u,
    ],
    [
      'a redirect to a path',
      { status: 307, headers: { location: '/login' }, body: HTML },
      /redirect to \/login,/u,
    ],
    ['a redirect to nowhere', { status: 302, body: HTML }, /redirect to nowhere/u],
    [
      'a compressed body',
      { headers: { 'content-encoding': 'br' }, body: raw('x') },
      /encoding br/u,
    ],
  ])('%s', async (_, reply, words) => {
    const error = await errorOf(() => reply);
    expect(error).toMatchObject({ code: 'PD_RESPONSE_INVALID', kind: 'failed', retryable: false });
    expect(error.message).toMatch(words);
    expect(error.remedy).toContain('PD client URL');
    expect(JSON.stringify(error)).not.toMatch(/secret|token/u);
  });

  it('a document nested too deeply', async () => {
    const error = await errorOf(() => ({ body: raw('['.repeat(200_000) + ']'.repeat(200_000)) }));
    expect(error).toMatchObject({ code: 'PD_RESPONSE_INVALID', kind: 'failed', retryable: false });
    expect(error.message).toContain('nested too deeply');
  });

  it('half a body', async () => {
    const error = await errorOf((_, { response, socket }) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"count":', () => socket.destroy());
      return undefined;
    });
    expect(error).toMatchObject({ code: 'PD_RESPONSE_INVALID', retryable: true });
    expect(error.message).toContain('broke off in the middle');
  });

  it('another protocol', async () => {
    const error = await errorOf((_, { socket }) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(error).toMatchObject({ code: 'PD_RESPONSE_INVALID', retryable: false });
    expect(error.message).toContain('not answered in HTTP');
  });

  it.each([
    ['announced', { 'content-length': '100000' }],
    ['in pieces', {}],
  ])('too much, %s: it is not read to the end', async (_, headers) => {
    let written = 0;
    const error = await errorOf(
      async (__, { response }) => {
        response.writeHead(200, headers);
        while (!response.destroyed && written < 100_000) {
          response.write('x'.repeat(1000));
          written += 1000;
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        }
        return undefined;
      },
      { maxBodyBytes: 5000 },
    );
    expect(error).toMatchObject({ code: 'PD_RESPONSE_TOO_LARGE', retryable: false });
    expect(error.message).toContain('more than 5000 bytes');
    expect(error.remedy).toContain('maxBodyBytes');
  });

  it('drip by drip: the time limit counts for the whole', async () => {
    const error = await errorOf(
      ({ path }, { response }) => {
        if (path !== '/stores') return {};
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(drip));
        return undefined;
      },
      { timeoutMs: 150 },
    );
    expect(error).toMatchObject({ code: 'PD_TIMEOUT', retryable: true });
  });

  it('a panic: its first line, and it may go away', async () => {
    const error = await errorOf(() => ({
      status: 500,
      body: raw('PANIC: nil pointer\ngoroutine 7 [running]:\n'),
    }));
    expect(error).toMatchObject({
      code: 'PD_REFUSED',
      retryable: true,
      facts: { answer: 'PANIC: nil pointer' },
    });
  });

  it('the limit of requests, which is not asked against', async () => {
    const { client, pd } = await connect(() => ({ status: 429, body: raw('Too Many Requests\n') }));
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_RATE_LIMITED',
      status: 429,
      retryable: true,
    });
    expect(pd.lines).toStrictEqual(['GET /members', 'GET /stores']);
  });

  it('members that are none: the read itself says what is there', async () => {
    const pd = await startFakePd(() => ({ body: HTML }));
    onTestFinished(() => pd.stop());
    const error = await caught((client) => client.getStores(), [pd.endpoint]);
    expect(error.facts).toMatchObject({ path: '/pd/api/v1/stores' });
    const direct = await caught((client) => client.getMembers(), [pd.endpoint]);
    expect(direct.code).toBe('PD_RESPONSE_INVALID');
  });

  it('members without a cluster id', async () => {
    const reply = membersReply(['http://127.0.0.1:1'], { clusterId: '"x"' });
    const pd = await startFakePd(() => reply);
    onTestFinished(() => pd.stop());
    const error = await caught((client) => client.getMembers(), [pd.endpoint]);
    expect(error.message).toContain('$.header.cluster_id is not an integer');
  });
});
