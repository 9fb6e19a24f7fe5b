import type { RequestListener } from 'node:http';
import type { ServerOptions } from 'node:https';
import { OperatorError } from 'operator-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  PROMETHEUS_ERROR_CODES,
  PrometheusClient,
  readStoreSeries,
} from '../../src/prometheus/index.ts';
import type { PrometheusClientOptions } from '../../src/prometheus/index.ts';
import { createAuthority } from '../pd/support/certificates.ts';
import { startServer } from './hostile-server.ts';
import type { TestServer } from './hostile-server.ts';

const opened: { close?: () => Promise<void>; stop?: () => Promise<void> }[] = [];
const seen = new Set<string>();

afterEach(async () => {
  for (const one of opened.splice(0)) await (one.close ?? one.stop)?.call(one);
});

async function start(listener: RequestListener): Promise<TestServer> {
  const server = await startServer(listener);
  opened.push(server);
  return server;
}

function connect(url: string, options: Partial<PrometheusClientOptions> = {}): PrometheusClient {
  const client = new PrometheusClient({ url, ...options });
  opened.push(client);
  return client;
}

function answer(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

function vector(result: unknown[], more: object = {}): string {
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, ...more });
}

async function failureOf(promise: Promise<unknown>): Promise<OperatorError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!OperatorError.isInstance(error)) throw error;
  seen.add(error.code);
  return error;
}

describe('what answers instead of Prometheus', () => {
  it.each([
    ['HTML', answer(200, '<html>hello</html>'), 'PROMETHEUS_BAD_ANSWER'],
    ['null', answer(200, 'null'), 'PROMETHEUS_BAD_ANSWER'],
    ['nothing', answer(200, ''), 'PROMETHEUS_BAD_ANSWER'],
    ['a redirect', answer(302, '', { location: '/elsewhere' }), 'PROMETHEUS_BAD_ANSWER'],
    [
      'a matrix',
      answer(200, '{"status":"success","data":{"resultType":"matrix","result":[]}}'),
      'PROMETHEUS_BAD_ANSWER',
    ],
    [
      'a value that is a number',
      answer(200, vector([{ metric: {}, value: [1, 2] }])),
      'PROMETHEUS_BAD_ANSWER',
    ],
    ['401', answer(401, 'Unauthorized'), 'PROMETHEUS_UNAUTHORIZED'],
    ['403', answer(403, 'Forbidden'), 'PROMETHEUS_UNAUTHORIZED'],
    [
      'a failed query',
      answer(422, '{"status":"error","errorType":"execution","error":"too many samples"}'),
      'PROMETHEUS_QUERY_FAILED',
    ],
  ])('%s', async (_name, listener, code) => {
    const server = await start(listener);
    const error = await failureOf(connect(server.url).query('up'));
    expect(error.code).toBe(code);
    expect(error.message).toContain(server.url);
    expect(error.remedy).not.toBe('');
    expect(error.retryable).toBe(false);
    expect(server.requests).toHaveLength(1);
  });

  it("keeps Prometheus' own words and says whether it is worth trying again", async () => {
    const body =
      '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}';
    const server = await start(answer(503, body));
    const error = await failureOf(connect(server.url).query('up'));
    expect(error.code).toBe('PROMETHEUS_QUERY_FAILED');
    expect(error.message).toContain('timeout: query timed out in expression evaluation');
    expect(error.retryable).toBe(true);
  });

  it('half a body', async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":"succ');
      setImmediate(() => response.destroy());
    });
    const error = await failureOf(connect(server.url).query('up'));
    expect(error.code).toBe('PROMETHEUS_UNREACHABLE');
    expect(error.retryable).toBe(true);
  });

  it('an endless body', async () => {
    const server = await start((_request, response) => {
      response.writeHead(200);
      const line = 'x'.repeat(65_536);
      const write = (): void => {
        while (!response.destroyed && response.write(line));
      };
      response.on('drain', write);
      write();
    });
    const error = await failureOf(connect(server.url, { maxBodyBytes: 200_000 }).query('up'));
    expect(error.code).toBe('PROMETHEUS_ANSWER_TOO_LARGE');
    expect(error.message).toContain('200000');
  });

  it('silence', async () => {
    const server = await start(() => {});
    const error = await failureOf(connect(server.url, { timeoutMs: 50 }).query('up'));
    expect(error.code).toBe('PROMETHEUS_TIMEOUT');
    expect(error.message).toContain('50 ms');
  });

  it('a body that stops', async () => {
    const server = await start((_request, response) => {
      response.writeHead(200).write('{');
    });
    const error = await failureOf(connect(server.url, { timeoutMs: 50 }).query('up'));
    expect(error.code).toBe('PROMETHEUS_TIMEOUT');
  });

  it('a closed port', async () => {
    const server = await startServer(() => {});
    await server.stop();
    const error = await failureOf(connect(server.url).query('up'));
    expect(error.code).toBe('PROMETHEUS_UNREACHABLE');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('raised every code there is', () => {
    expect([...seen].toSorted()).toEqual(Object.keys(PROMETHEUS_ERROR_CODES).toSorted());
  });
});

describe('a caller who gives up', () => {
  it('gets the reason of the signal', async () => {
    const server = await start(() => {
      abort.abort(new Error('enough'));
    });
    const abort = new AbortController();
    const query = connect(server.url).query('up', { signal: abort.signal });
    await expect(query).rejects.toThrow('enough');
  });

  it('gets it from reading series too', async () => {
    const server = await start(() => {
      abort.abort(new Error('enough'));
    });
    const abort = new AbortController();
    const reading = readStoreSeries(connect(server.url), { signal: abort.signal });
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('credentials', () => {
  it('sends a bearer token that is read for each request', async () => {
    const server = await start(answer(200, vector([])));
    const tokens = ['first\n', 'second'];
    const client = connect(server.url, {
      credentials: { bearerToken: () => Promise.resolve(tokens.shift() ?? '') },
    });
    await client.query('up');
    await client.query('up');
    expect(server.requests.map((request) => request.headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ]);
    const error = await failureOf(client.query('up'));
    expect(error.code).toBe('PROMETHEUS_UNAUTHORIZED');
    expect(server.requests).toHaveLength(2);
  });

  it('sends a name and a password', async () => {
    const server = await start(answer(200, vector([])));
    const credentials = { username: 'reader', password: 'pä:ss' };
    await connect(server.url, { credentials }).query('up');
    const header = server.requests[0]?.headers.authorization ?? '';
    expect(Buffer.from(header.replace('Basic ', ''), 'base64').toString()).toBe('reader:pä:ss');
  });

  it('never shows them, even when they are echoed', async () => {
    const server = await start((request, response) => {
      response.writeHead(401).end(`bad: ${request.headers.authorization}`);
    });
    const client = connect(server.url, { credentials: { bearerToken: 'hunter2' } });
    const error = await failureOf(client.query('up'));
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain('hunter2');
  });

  it('does not follow a redirect with them', async () => {
    const other = await start(answer(200, vector([])));
    const server = await start(answer(302, '', { location: other.url }));
    const client = connect(server.url, { credentials: { bearerToken: 'hunter2' } });
    await failureOf(client.query('up'));
    expect(other.requests).toHaveLength(0);
  });
});

describe('TLS', () => {
  const authority = createAuthority('authority of a test');
  const listener = answer(200, vector([]));

  async function startTls(tls: ServerOptions): Promise<TestServer> {
    const server = await startServer(listener, tls);
    opened.push(server);
    return server;
  }

  it('uses the authority and the client certificate that it is given', async () => {
    const server = await startTls({
      ...authority.issue('127.0.0.1'),
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const tls = { ca: authority.cert, ...authority.issue('operator') };
    expect(await connect(server.url, { tls }).query('up')).toEqual({
      samples: [],
      warnings: [],
      infos: [],
    });
    const nameless = connect(server.url, { tls: { ca: authority.cert } });
    expect((await failureOf(nameless.query('up'))).code).toBe('PROMETHEUS_UNREACHABLE');
  });

  it('expects the name that it is told to', async () => {
    const server = await startTls(authority.issue('prometheus.internal'));
    const tls = { ca: authority.cert, serverName: 'prometheus.internal' };
    expect((await connect(server.url, { tls }).query('up')).samples).toEqual([]);
  });

  it('sends no credentials to a server that cannot be trusted', async () => {
    const server = await startTls(authority.issue('127.0.0.1'));
    const credentials = { bearerToken: 'hunter2' };
    const error = await failureOf(connect(server.url, { credentials }).query('up'));
    expect(error.code).toBe('PROMETHEUS_UNREACHABLE');
    expect(error.message).toMatch(/certificate|self-signed|issuer/u);
    expect(server.requests).toHaveLength(0);
  });
});

describe('the URL', () => {
  it.each(['', '/', '/prefix', '/prefix/'])('with the path %j', async (path) => {
    const server = await start(answer(200, vector([])));
    await connect(server.url + path).query('up{a="b c"}');
    const prefix = path.replace(/\/$/u, '');
    expect(server.requests[0]?.url).toBe(`${prefix}/api/v1/query?query=up%7Ba%3D%22b%20c%22%7D`);
  });
});

describe('the series of stores', () => {
  const store = { engine: 'tikv', statusAddress: '127.0.0.1:20180' } as const;

  it('are unknown without Prometheus', async () => {
    const series = await readStoreSeries(null);
    expect(series.of(store)).toEqual({
      requestsPerSecond: { unknown: 'Prometheus is not configured' },
      latencyP99Ms: { unknown: 'Prometheus is not configured' },
      cpuCores: { unknown: 'Prometheus is not configured' },
    });
    expect(series.has(store)).toBe(false);
  });

  it.each(['NaN', '+Inf', '-Inf', '', 'many'])(
    'are unknown where the value is %j',
    async (value) => {
      const metric = { instance: store.statusAddress };
      const server = await start(answer(200, vector([{ metric, value: [1, value] }])));
      const series = await readStoreSeries(connect(server.url));
      const { latencyP99Ms } = series.of(store);
      expect(latencyP99Ms).toEqual({ unknown: expect.stringContaining('nothing was measured') });
      expect(series.has(store)).toBe(true);
    },
  );

  it('are unknown where Prometheus has only a part', async () => {
    const metric = { instance: store.statusAddress };
    const warnings = ['replica b did not answer'];
    const server = await start(answer(200, vector([{ metric, value: [1, '5'] }], { warnings })));
    const { cpuCores } = (await readStoreSeries(connect(server.url))).of(store);
    expect(cpuCores).toEqual({ unknown: 'Prometheus answered in part: replica b did not answer' });
  });

  it('fail one metric at a time', async () => {
    const server = await start((request, response) => {
      const isLatency = request.url?.includes('histogram_quantile') ?? false;
      const metric = { instance: store.statusAddress };
      response.writeHead(isLatency ? 500 : 200);
      response.end(isLatency ? 'oops' : vector([{ metric, value: [1, '5'] }]));
    });
    const values = (await readStoreSeries(connect(server.url))).of(store);
    expect(values).toEqual({
      requestsPerSecond: 5,
      latencyP99Ms: { unknown: expect.stringContaining('status 500') },
      cpuCores: 5,
    });
  });

  it('are asked for once a metric, however many stores there are', async () => {
    const server = await start(answer(200, vector([])));
    const series = await readStoreSeries(connect(server.url));
    for (let port = 1; port <= 1000; port += 1) {
      series.of({ engine: 'tikv', statusAddress: `127.0.0.1:${port}` });
    }
    expect(server.requests).toHaveLength(3);
  });

  it('are never taken for those of TiFlash, or of a store that does not say where it is', async () => {
    const metric = { instance: store.statusAddress };
    const server = await start(answer(200, vector([{ metric, value: [1, '5'] }])));
    const series = await readStoreSeries(connect(server.url));
    expect(series.of({ ...store, engine: 'tiflash' }).cpuCores).toEqual({
      unknown: 'TiFlash does not export this metric',
    });
    expect(series.of({ ...store, statusAddress: { unknown: 'not told' } }).cpuCores).toEqual({
      unknown: 'not told',
    });
  });
});
