import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Exchange } from 'operator-engine';
import { describe, expect, it } from 'vitest';
import { GuardedDispatcher } from '../src/http/guarded-dispatcher.ts';
import { WriteGuard } from '../src/http/write-guard.ts';
import { drain, failureOf } from './support/errors.ts';
import { makeDirectory } from './support/open-lamps.ts';
import { openPlugin } from './support/open-plugin.ts';
import { Recorder } from './support/recorder.ts';
import type { Received } from './support/recorder.ts';

const PLUGIN = new URL('support/client-plugin.ts', import.meta.url);

/** An origin on which nothing listens. */
async function closedOrigin(): Promise<string> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('a read with several endpoints', () => {
  it('passes over endpoints that are closed, silent or not ready, each in its time', async () => {
    await using silent = await new Recorder().open();
    silent.reply = () => ({ delayMs: 3_000 });
    await using starting = await new Recorder().open();
    starting.reply = () => ({ status: 503 });
    await using recorder = await new Recorder().open();
    const endpoints = [await closedOrigin(), silent.url, starting.url, `${recorder.url}/`];
    await using opened = await openPlugin(PLUGIN, { endpoints, attemptTimeoutMs: 200 });
    const startedAt = performance.now();
    const { value } = await opened.subject.observe('state', {});
    expect(value).toEqual({ status: 200, origin: recorder.url });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    // The one that answered comes first from then on.
    await opened.subject.observe('state', {});
    expect([silent, starting, recorder].map(({ received }) => received.length)).toEqual([1, 1, 2]);
  });

  it('takes any other status for an answer', async () => {
    await using first = await new Recorder().open();
    first.reply = () => ({ status: 500 });
    await using second = await new Recorder().open();
    await using opened = await openPlugin(PLUGIN, { endpoints: [first.url, second.url] });
    const { value } = await opened.subject.observe('state', {});
    expect(value).toEqual({ status: 500, origin: first.url });
  });

  it('fails with what each endpoint said when none answers', async () => {
    await using starting = await new Recorder().open();
    starting.reply = () => ({ status: 503 });
    const closed = await closedOrigin();
    await using opened = await openPlugin(PLUGIN, { endpoints: [closed, starting.url] });
    const error = await failureOf(opened.subject.observe('state', {}));
    expect(error).toMatchObject({ code: 'SUBJECT_UNREACHABLE', kind: 'unreachable' });
    expect(error.message).toContain(`${starting.url}: status 503`);
    expect(error.message).toContain(`${closed}: `);
  });

  it('goes through a Unix socket', async () => {
    const path = join(makeDirectory(), 'server.sock');
    await using recorder = await new Recorder().open({ path });
    const config = { endpoints: ['http://recorder'], socketPath: path };
    await using opened = await openPlugin(PLUGIN, config);
    const { value } = await opened.subject.observe('state', {});
    expect(value).toEqual({ status: 200, origin: 'http://recorder' });
    expect(recorder.received).toHaveLength(1);
  });

  it('is refused without endpoints, and for one that is no server', async () => {
    for (const endpoints of [[], ['nowhere']]) {
      await using opened = await openPlugin(PLUGIN, { endpoints });
      const error = await failureOf(opened.subject.observe('state', {}));
      expect(error.code).toBe('PLUGIN_MISBEHAVED');
    }
  });
});

describe('a write with several endpoints', () => {
  it('goes to the next endpoint of its target only where no connection was made', async () => {
    await using recorder = await new Recorder().open();
    const closed = await closedOrigin();
    await using opened = await openPlugin(PLUGIN, { endpoints: [closed, recorder.url] });
    const plan = await opened.plan('put', { target: [closed, recorder.url] });
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({ state: 'succeeded', answerLost: false });
    expect(recorder.changes).toHaveLength(1);
    expect(recorder.changes[0]?.headers['x-caller-id']).toBe(`operator/${result.runId}`);
  });

  it.each([{ cut: true } as const, { status: 503 }])(
    'never goes to a second one after it may have left: %j',
    async (reply) => {
      await using first = await new Recorder().open();
      first.reply = ({ method }) => (method === 'PUT' ? reply : undefined);
      await using second = await new Recorder().open();
      await using opened = await openPlugin(PLUGIN, { endpoints: [first.url, second.url] });
      const plan = await opened.plan('put', { target: [first.url, second.url] });
      const { result } = await drain(opened.subject.apply(plan));
      expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
      expect([first, second].map(({ changes }) => changes.length)).toEqual([1, 0]);
    },
  );

  it('is refused with a status that proves it', async () => {
    await using recorder = await new Recorder().open();
    recorder.reply = ({ method }) => (method === 'PUT' ? { status: 409, body: 'no' } : undefined);
    await using opened = await openPlugin(PLUGIN, { endpoints: [recorder.url] });
    const { result } = await drain(
      opened.subject.apply(await opened.plan('put', { target: [recorder.url] })),
    );
    expect(result).toMatchObject({ state: 'failed', error: { code: 'REFUSED_BY_SYSTEM' } });
  });

  it('goes to no endpoint outside of its target', async () => {
    await using first = await new Recorder().open();
    await using second = await new Recorder().open();
    await using opened = await openPlugin(PLUGIN, { endpoints: [first.url, second.url] });
    const plan = await opened.plan('put', { target: [second.url] });
    await drain(opened.subject.apply(plan));
    expect([first, second].map(({ changes }) => changes.length)).toEqual([0, 1]);
  });
});

describe('a login', () => {
  const isLogin = ({ path }: Received): boolean => path === '/login';

  /** A server whose tokens end after so many requests. */
  async function openGate(uses: number): Promise<Recorder> {
    const recorder = await new Recorder().open();
    let [made, left] = [0, 0];
    recorder.isChange = (one) => one.method === 'PUT';
    recorder.reply = (one) => {
      if (isLogin(one)) {
        if (!one.body.includes('"hunter2pw"')) return { status: 401 };
        [made, left] = [made + 1, uses];
        return { body: { token: `tok-secret-${made}` } };
      }
      const isValid = one.headers.authorization === `Bearer tok-secret-${made}` && left > 0;
      left -= 1;
      return isValid ? undefined : { status: 401 };
    };
    return recorder;
  }

  it('is made once, and again when a read is answered with 401', async () => {
    await using recorder = await openGate(2);
    const exchanges: Exchange[] = [];
    const config = { endpoints: [recorder.url], password: 'hunter2pw' };
    await using opened = await openPlugin(PLUGIN, config, {
      onExchange: (exchange) => exchanges.push(exchange),
    });
    for (const _ of [1, 2, 3]) {
      const { value } = await opened.subject.observe('state', {});
      expect(value).toMatchObject({ status: 200 });
    }
    expect(recorder.received.filter(isLogin)).toHaveLength(2);
    const traced = JSON.stringify(exchanges);
    expect(traced).toContain('/login');
    expect(traced).not.toContain('hunter2pw');
    expect(traced).not.toContain('tok-secret');
  });

  it('does not send a write again after a 401', async () => {
    await using recorder = await openGate(1_000);
    const { reply } = recorder;
    recorder.reply = (one) => (one.method === 'PUT' ? { status: 401 } : reply(one));
    const config = { endpoints: [recorder.url], password: 'hunter2pw' };
    await using opened = await openPlugin(PLUGIN, config);
    const { result } = await drain(
      opened.subject.apply(await opened.plan('put', { target: [recorder.url] })),
    );
    expect(result).toMatchObject({ state: 'failed', error: { code: 'REFUSED_BY_SYSTEM' } });
    expect(recorder.changes).toHaveLength(1);
  });

  it('that is refused is a matter of configuration, and shows no password', async () => {
    await using recorder = await openGate(1);
    const config = { endpoints: [recorder.url], password: 'wrong-pass' };
    await using opened = await openPlugin(PLUGIN, config);
    const error = await failureOf(opened.subject.observe('state', {}));
    expect(error).toMatchObject({ code: 'LOGIN_REFUSED', kind: 'config' });
    expect(JSON.stringify(error)).not.toContain('wrong-pass');
  });
});

it('explains the request of an older undici by its version', async () => {
  const guard = new WriteGuard('home', {});
  const dispatcher = new GuardedDispatcher({}, { guard, observer: undefined });
  // `request` of undici 7 hands itself over, with a handler of its own kind.
  const given = { origin: 'http://127.0.0.1:1', path: '/', method: 'GET', dispatcher };
  const error = await new Promise<Error>((resolve) => {
    dispatcher.dispatch(given, { onConnect: () => undefined, onError: resolve });
  });
  expect(error).toMatchObject({ code: 'PLUGIN_MISBEHAVED' });
  expect(error.message).toContain('undici 7 or older');
});
