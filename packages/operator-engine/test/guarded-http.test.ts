import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { OperatorError } from 'operator-core';
import type { HttpOptions, HttpRequest, TlsOptions } from 'operator-core';
import type { HttpExchange } from 'operator-engine';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { GuardedDispatcher } from '../src/http/guarded-dispatcher.ts';
import { WriteGuard } from '../src/http/write-guard.ts';
import type { WritePermit } from '../src/http/write-permit.ts';
import { LampHouse } from './support/lamp-house.ts';

const planned: HttpRequest = {
  purpose: 'switch the lamp',
  method: 'POST',
  path: '/lamps/1?by=hand',
  body: '{"on":true}',
};

const pem = (name: string): string =>
  readFileSync(new URL(`fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

interface Guarded extends AsyncDisposable {
  readonly house: LampHouse;
  readonly guard: WriteGuard;
  readonly exchanges: HttpExchange[];
  /** A permit for the lamp server and for other origins. */
  permit(request: HttpRequest, others?: readonly string[]): WritePermit;
  send(options: object, origin?: string): Promise<{ status: number; text: string }>;
  /** The fetch of Node itself, whose undici is an older one than ours. */
  fetch(path: string, options?: object): Promise<Response>;
}

async function openGuarded(
  given: HttpOptions | ((house: LampHouse) => HttpOptions) = {},
): Promise<Guarded> {
  const house = await new LampHouse().open();
  const http = typeof given === 'function' ? given(house) : given;
  const guard = new WriteGuard('home', { reads: [{ method: 'POST', path: '/search' }] });
  const exchanges: HttpExchange[] = [];
  const dispatcher = new GuardedDispatcher(http, {
    guard,
    observer: (exchange) => {
      if ('url' in exchange) exchanges.push(exchange);
      throw new Error('whoever looks on does not matter');
    },
  });
  return {
    house,
    guard,
    exchanges,
    permit: (asked, others = []) =>
      guard.permit(
        { ...asked, protocol: 'http', target: [house.url, ...others] },
        Number.POSITIVE_INFINITY,
      ),
    send: async (options, origin = house.url) => {
      const { path = '/lamps/1', ...rest } = options as { path?: string };
      const answer = await request(`${origin}${path}`, {
        ...rest,
        dispatcher: dispatcher as unknown as Dispatcher,
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    },
    fetch: async (path, options) =>
      await fetch(`${house.url}${path}`, { ...options, dispatcher: dispatcher as never }),
    [Symbol.asyncDispose]: async () => {
      await dispatcher.destroy();
      await house.close();
    },
  };
}

const withSecret = ({ url }: LampHouse): HttpOptions => ({
  origins: [url],
  headers: { authorization: 'Bearer secret' },
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (OperatorError.isInstance(error)) return error.code;
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  return 'went through';
}

describe('reading', () => {
  it.each([
    { method: 'GET' },
    { method: 'HEAD' },
    { method: 'GET', query: { a: 'b c' } },
    { method: 'POST', path: '/search', body: '{}' },
    { method: 'POST', path: '/search?limit=1' },
  ])('passes: %j', async (options) => {
    await using guarded = await openGuarded();
    expect(await codeOf(guarded.send(options))).toBe('went through');
    expect(guarded.house.requests).toHaveLength(1);
  });
});

describe('a planned request that is declared to read', () => {
  it('uses its permit up, and does not leave again as a read', async () => {
    await using guarded = await openGuarded();
    guarded.permit({ ...planned, path: '/search' });
    const search = { method: 'POST', path: '/search', body: planned.body };
    expect(await codeOf(guarded.send(search))).toBe('went through');
    expect(await codeOf(guarded.send(search))).toBe('WRITE_WHILE_READING');
    expect(guarded.house.requests).toHaveLength(1);
  });
});

describe('anything else', () => {
  it.each([
    { method: 'POST' },
    { method: 'PUT', body: 'x' },
    { method: 'PATCH' },
    { method: 'DELETE' },
    { method: 'OPTIONS' },
    { method: 'TRACE' },
    { method: 'QUERY' },
    { method: 'post' },
    { method: 'get' },
    { method: 'PURGE' },
    { method: 'PUT', path: '/search' },
    { method: 'POST', path: '/search/' },
    { method: 'POST', path: '/search/../lamps/1' },
    { method: 'POST', path: '//search' },
    { method: 'POST', path: '/SEARCH' },
    { method: 'GET', upgrade: 'websocket' },
  ])('is stopped before the server sees a byte: %j', async (options) => {
    await using guarded = await openGuarded();
    expect(await codeOf(guarded.send(options))).toBe('WRITE_WHILE_READING');
    expect(guarded.house.requests).toEqual([]);
    expect(guarded.guard.denials).toBe(1);
  });

  it('is judged by what it is when it is asked for, and sent as that', async () => {
    await using guarded = await openGuarded();
    let asked = 0;
    const options = {
      get method(): string {
        asked += 1;
        return asked === 1 ? 'GET' : 'DELETE';
      },
    };
    await codeOf(guarded.send(options));
    const changed = { method: 'GET', toString: () => 'GET' };
    await codeOf(guarded.send({ method: changed }));
    expect(guarded.house.changes).toEqual([]);
  });
});

describe('the fetch of Node', () => {
  it('reads, also long answers and several at a time', async () => {
    await using guarded = await openGuarded(withSecret);
    guarded.house.lamps.set(5, { on: true, wiring: 1, note: 'x'.repeat(2_000_000) } as never);
    const answers = await Promise.all(
      ['/lamps/5', '/lamps/1', '/lamps/99'].map(async (path) => await guarded.fetch(path)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
    const texts = await Promise.all(answers.map(async (answer) => await answer.text()));
    expect(answers[1]?.headers.get('transfer-encoding')).toBe('chunked');
    expect(texts[0]?.length).toBeGreaterThan(2_000_000);
    expect(guarded.house.requests[0]?.authorization).toBe('Bearer secret');
  });

  it('hears of a lost connection and can be aborted', async () => {
    await using guarded = await openGuarded();
    await expect(guarded.fetch('/lamps/1', { signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
    await guarded.house.close();
    await expect(guarded.fetch('/lamps/1')).rejects.toThrow('fetch failed');
  });

  it.each([{ method: 'POST', body: '{"on":true}' }, { method: 'DELETE' }])(
    'is told at once that it may not change anything: %j',
    async (options) => {
      await using guarded = await openGuarded();
      await expect(guarded.fetch('/lamps/1', options)).rejects.toMatchObject({
        cause: { code: 'WRITE_WHILE_READING' },
      });
      expect(guarded.house.requests).toEqual([]);
    },
  );
});

describe('a permit', () => {
  const { purpose: _purpose, ...options } = planned;

  it('lets exactly the planned request through, once', async () => {
    await using guarded = await openGuarded();
    const permit = guarded.permit(planned);
    expect(permit.hasStarted).toBe(false);
    expect(await codeOf(guarded.send(options))).toBe('went through');
    expect(permit.hasStarted).toBe(true);
    expect(await codeOf(guarded.send(options))).toBe('WRITE_WHILE_READING');
    expect(guarded.house.changes).toMatchObject([{ method: 'POST', body: '{"on":true}' }]);
  });

  it('goes to the target of the plan and nowhere else', async () => {
    await using guarded = await openGuarded();
    await using other = await openGuarded();
    const permit = guarded.permit(planned);
    const sending = guarded.send(options, other.house.url);
    await expect(sending).rejects.toMatchObject({
      code: 'WRITE_WHILE_READING',
      facts: { origin: other.house.url, target: [guarded.house.url] },
    });
    expect([permit.hasStarted, other.house.requests]).toEqual([false, []]);
    expect(await codeOf(guarded.send(options))).toBe('went through');
  });

  it('knows an origin in any spelling', async () => {
    await using guarded = await openGuarded();
    guarded.permit(planned);
    const spelled = guarded.house.url.replace('http', 'HTTP');
    expect(await codeOf(guarded.send(options, spelled))).toBe('went through');
  });

  it('takes bytes for what they are', async () => {
    await using guarded = await openGuarded();
    guarded.permit(planned);
    const bytes = Buffer.from('{"on":true}');
    const sending = guarded.send({ ...options, body: bytes });
    bytes.fill('x');
    expect(await codeOf(sending)).toBe('went through');
    expect(guarded.house.changes[0]?.body).toBe('{"on":true}');
  });

  it.each([
    { method: 'PUT' },
    { path: '/lamps/1' },
    { path: '/lamps/1?by=hand&now' },
    { path: '/lamps/2?by=hand' },
    { body: '{"on":true} ' },
    { body: '{"on":false}' },
    { body: '' },
    { body: null },
    { body: Readable.from(['{"on":true}']) },
    { query: { more: 1 } },
  ])('is for nothing else: %o', async (difference) => {
    await using guarded = await openGuarded();
    guarded.permit(planned);
    const sending = guarded.send({ ...options, ...difference });
    expect(await codeOf(sending)).not.toBe('went through');
    expect(guarded.house.requests).toEqual([]);
  });

  it('takes no body and an empty one for the same', async () => {
    await using guarded = await openGuarded();
    const bare = { method: 'DELETE', path: '/lamps/1' } as const;
    guarded.permit({ ...bare, purpose: '', body: null });
    expect(await codeOf(guarded.send({ ...bare, body: '' }))).toBe('went through');
  });

  it('is only good for one of two at the same time', async () => {
    await using guarded = await openGuarded();
    guarded.permit(planned);
    const both = await Promise.all([codeOf(guarded.send(options)), codeOf(guarded.send(options))]);
    expect(both.toSorted()).toEqual(['WRITE_WHILE_READING', 'went through']);
    expect(guarded.house.changes).toHaveLength(1);
  });

  it('is returned when no connection could be made', async () => {
    await using guarded = await openGuarded();
    const gone = await new LampHouse().open();
    await gone.close();
    const permit = guarded.permit(planned, [gone.url]);
    expect(await codeOf(guarded.send(options, gone.url))).toBe('ECONNREFUSED');
    expect(permit.hasStarted).toBe(false);
    expect(await codeOf(guarded.send(options))).toBe('went through');
  });

  it.each([
    ['stays good', () => undefined, 'went through', 1],
    ['halts', (permit: WritePermit) => permit.halt(), 'NOT_SENT', 0],
  ] as const)('%s while the connection is made', async (_, come, code, sent) => {
    let changes = 0;
    const secured = createTlsServer(
      { cert: pem('server-cert'), key: pem('server-key') },
      (_incoming, response) => {
        changes += 1;
        response.end();
      },
    );
    secured.listen(0, '127.0.0.1');
    // Takes connections and keeps them waiting for the handshake.
    const held: Socket[] = [];
    const door = createServer({ pauseOnConnect: true }, (socket) => held.push(socket));
    door.listen(0, '127.0.0.1');
    await Promise.all([once(secured, 'listening'), once(door, 'listening')]);
    await using guarded = await openGuarded({
      tls: { ca: pem('server-cert'), serverName: 'lamps.test' },
    });
    const { port } = door.address() as AddressInfo;
    const origin = `https://127.0.0.1:${port}`;
    const permit = guarded.permit(planned, [origin]);
    const sending = codeOf(guarded.send(options, origin));
    await once(door, 'connection');
    come(permit);
    for (const socket of held) {
      const behind = connect((secured.address() as AddressInfo).port, '127.0.0.1');
      socket.pipe(behind).pipe(socket);
      socket.on('error', () => behind.destroy());
      behind.on('error', () => socket.destroy());
    }
    expect(await sending).toBe(code);
    expect([permit.hasStarted, changes]).toEqual([sent === 1, sent]);
    for (const socket of held) socket.destroy();
    secured.closeAllConnections();
    secured.close();
    door.close();
  });

  it('is used up by a request whose answer is lost', async () => {
    await using guarded = await openGuarded();
    guarded.house.postFaults = ['cut_before'];
    const permit = guarded.permit(planned);
    expect(await codeOf(guarded.send(options))).toBe('UND_ERR_SOCKET');
    expect(permit.hasStarted).toBe(true);
    expect(await codeOf(guarded.send(options))).toBe('WRITE_WHILE_READING');
    expect(guarded.house.changes).toHaveLength(1);
  });

  it('ends what is still on its way to a socket when it is revoked', async () => {
    await using guarded = await openGuarded();
    const permit = guarded.permit(planned);
    const sending = codeOf(guarded.send(options));
    guarded.guard.revoke(permit);
    expect(await sending).toBe('WRITE_WHILE_READING');
    expect(guarded.house.requests).toEqual([]);
  });
});

describe('headers', () => {
  it('of the plugin go with every request, its own first', async () => {
    await using guarded = await openGuarded(withSecret);
    await guarded.send({ method: 'GET' });
    await guarded.send({ method: 'GET', headers: { Authorization: 'other' } });
    await guarded.send({ method: 'GET', headers: ['x-caller-id', 'me'] });
    await guarded.send({ method: 'GET', headers: new Map([['x-caller-id', 'you']]) });
    const sent = guarded.house.requests.map(({ authorization, callerId }) => [
      authorization,
      callerId,
    ]);
    expect(sent).toEqual([
      ['Bearer secret', undefined],
      ['other', undefined],
      ['Bearer secret', 'me'],
      ['Bearer secret', 'you'],
    ]);
  });
});

describe('declared origins', () => {
  it('are the only ones that are asked, with or without headers', async () => {
    await using other = await openGuarded();
    await using guarded = await openGuarded(withSecret);
    guarded.house.redirect = `${other.house.url}/lamps/1`;
    const followed = guarded.fetch('/elsewhere');
    await expect(followed).rejects.toMatchObject({ cause: { code: 'ORIGIN_NOT_DECLARED' } });
    expect(await codeOf(guarded.send({ method: 'GET' }, other.house.url))).toBe(
      'ORIGIN_NOT_DECLARED',
    );
    expect(guarded.house.requests[0]?.authorization).toBe('Bearer secret');
    expect(other.house.requests).toEqual([]);
    expect(guarded.guard.denials).toBe(2);
  });

  it.each([
    [{ headers: { authorization: 'Bearer secret' } }, 'origins'],
    [{ origins: ['http://127.0.0.1:1/path'] }, 'http://127.0.0.1:1/path'],
    [{ origins: ['HTTP://LAMPS.TEST:80'] }, 'HTTP://LAMPS.TEST:80'],
  ])('have to be origins, and headers need them: %j', (http, named) => {
    const host = { guard: new WriteGuard('home', {}), observer: undefined };
    expect(() => new GuardedDispatcher(http, host)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_MISBEHAVED',
        message: expect.stringContaining(named) as string,
      }),
    );
  });
});

describe('an observer', () => {
  it('sees each exchange, and never a header', async () => {
    await using guarded = await openGuarded(withSecret);
    const { purpose: _purpose, ...options } = planned;
    guarded.permit(planned);
    await guarded.send(options);
    await guarded.send({ method: 'GET', path: '/lamps/99' });
    guarded.house.postFaults = ['cut_before'];
    guarded.permit(planned);
    await codeOf(guarded.send(options));
    expect(guarded.exchanges).toMatchObject([
      {
        method: 'POST',
        url: `${guarded.house.url}/lamps/1?by=hand`,
        requestBody: '{"on":true}',
        status: 200,
        answer: 'the lamp will be switched',
        answerTruncated: false,
        failure: null,
      },
      { method: 'GET', status: 404, answer: 'null', requestBody: null },
      { method: 'POST', status: null, failure: 'other side closed' },
    ]);
    expect(JSON.stringify(guarded.exchanges)).not.toContain('secret');
    expect(guarded.exchanges.every(({ durationMs }) => durationMs > 0)).toBe(true);
  });

  it('sees no more than the beginning of a long answer', async () => {
    await using guarded = await openGuarded();
    guarded.house.lamps.set(5, { on: true, wiring: 1, note: 'x'.repeat(200_000) } as never);
    const { text } = await guarded.send({ method: 'GET', path: '/lamps/5' });
    expect(text.length).toBeGreaterThan(200_000);
    expect(guarded.exchanges[0]).toMatchObject({ answerTruncated: true });
    expect(guarded.exchanges[0]?.answer).toHaveLength(64 * 1024);
  });
});

describe('TLS', () => {
  const trusted = { ca: pem('server-cert'), serverName: 'lamps.test' };
  const client = { cert: pem('client-cert'), key: pem('client-key') };

  it.each<[string, TlsOptions | undefined, string]>([
    ['its certificate, name and our own', { ...trusted, ...client }, 'went through'],
    ['an unknown certificate', { ...client }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'another name',
      { ...trusted, ...client, serverName: 'x.test' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['nothing', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ])('is checked by %s', async (_, tls, code) => {
    const server = createTlsServer(
      {
        cert: pem('server-cert'),
        key: pem('server-key'),
        ca: pem('client-cert'),
        requestCert: true,
      },
      (incoming, response) => {
        response.end(String((incoming.socket as TLSSocket).authorized));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using guarded = await openGuarded(tls === undefined ? {} : { tls });
    const sending = guarded.send({ method: 'GET' }, `https://127.0.0.1:${port}`);
    expect(await codeOf(sending)).toBe(code);
    if (code === 'went through') expect((await sending).text).toBe('true');
    server.closeAllConnections();
    server.close();
  });
});
