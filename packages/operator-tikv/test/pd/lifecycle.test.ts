import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { OperatorError } from 'operator-core';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';

import { PDClient } from '../../src/pd/index.ts';
import { membersReply, raw, startFakePd } from './support/fake-pd.ts';
import type { FakePd } from './support/fake-pd.ts';
import { connect } from './support/replay.ts';

const STORES = { body: { count: 0, stores: [] } };
const POST = { purpose: 'x', method: 'POST', path: '/pd/api/v1/operators', body: '{}' } as const;

async function start(): Promise<FakePd> {
  const pd = await startFakePd(({ path }) =>
    path === '/members' ? membersReply([pd.endpoint]) : STORES,
  );
  onTestFinished(() => pd.stop());
  return pd;
}

/** Runs a script of its own in Node, with the sources of the package, and returns what it printed. */
async function run(script: string): Promise<unknown> {
  const index = new URL('../../src/pd/index.ts', import.meta.url).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@operator/source',
      '--input-type=module',
      '--eval',
      `import { createRequire } from 'node:module';
       import { PDClient } from ${JSON.stringify(index)};
       const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/undici/'));
       ${script}`,
    ],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), timeout: 20_000 },
  );
  return JSON.parse(stdout);
}

describe('a client', () => {
  it('does no I/O and loads no HTTP library before it is used, and lets the process end after close', async () => {
    const pd = await start();
    const output = await run(
      `const client = new PDClient({ endpoints: [${JSON.stringify(pd.endpoint)}] });
       const before = loaded();
       const stores = await client.getStores();
       const after = loaded();
       await client.close();
       console.log(JSON.stringify({ before, stores, after }));`,
    );
    expect(output).toStrictEqual({ before: false, stores: [], after: true });
    expect(pd.lines).toStrictEqual(['GET /members', 'GET /stores']);
  });

  it('leaves nothing behind that keeps the process alive, also after failures and aborted waits', async () => {
    const pd = await startFakePd(() => ({ status: 503, body: raw('no leader\n') }));
    onTestFinished(() => pd.stop());
    const output = await run(
      `const endpoints = [${JSON.stringify(pd.endpoint)}, 'http://127.0.0.1:1'];
       const client = new PDClient({ endpoints });
       const error = await client.getStores({ signal: AbortSignal.timeout(150) }).catch(({ name }) => name);
       const result = await client.send(${JSON.stringify(POST)});
       await client.close();
       console.log(JSON.stringify([error, result.outcome]));
       // Runs only if something else keeps the process alive.
       setTimeout(() => console.log(process.getActiveResourcesInfo()), 3000).unref();`,
    );
    expect(output).toStrictEqual(['TimeoutError', 'refused']);
  });

  it('can be closed twice, and before it was used', async () => {
    const { client } = await connect(() => STORES);
    await client.getStores();
    await Promise.all([client.close(), client.close()]);
    await client.close();
    const unused = new PDClient({ endpoints: ['http://127.0.0.1:1'] });
    await unused.close();
    await expect(unused.close()).resolves.toBeUndefined();
  });

  it('that is closed rejects what is under way and what comes after', async () => {
    const { client } = await connect(({ path }) => (path === '/stores' ? undefined : STORES));
    const reading = client.getStores();
    const waiting = new PDClient({ endpoints: ['http://127.0.0.1:1'] });
    const retrying = waiting.getStores();
    setTimeout(() => {
      void client.close();
      void waiting.close();
    }, 50);
    await expect(reading).rejects.toMatchObject({ code: 'PD_CLIENT_CLOSED', kind: 'usage' });
    await expect(retrying).rejects.toMatchObject({ code: 'PD_CLIENT_CLOSED' });
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_CLIENT_CLOSED' });
    await expect(client.send(POST)).rejects.toMatchObject({ code: 'PD_CLIENT_CLOSED' });
  });
});

describe('an injected dispatcher', () => {
  it('carries every request and is not closed', async () => {
    const pd = await start();
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    const seen: string[] = [];
    const dispatcher = {
      dispatch: (options: object, handler: object): boolean => {
        seen.push('path' in options ? String(options.path) : '');
        return agent.dispatch(options as Agent.DispatchOptions, handler);
      },
      close: () => Promise.reject(new Error('not yours')),
      destroy: () => Promise.reject(new Error('not yours')),
    };
    const client = new PDClient({ endpoints: [pd.endpoint], dispatcher });
    await client.getStores();
    await client.send(POST);
    await client.close();
    expect(seen.map((path) => path.replace('/pd/api/v1/', ''))).toStrictEqual([
      'cluster',
      'members',
      'stores',
      'cluster',
      'operators',
    ]);
    expect(agent.closed).toBe(false);
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_CLIENT_CLOSED' });
  });

  const guard = (message: string): OperatorError =>
    new OperatorError({ code: 'WRITE_WHILE_READING', kind: 'plugin', message, remedy: 'x' });

  it('that refuses a request is heard: its own error comes out', async () => {
    const pd = await start();
    const error = guard('no');
    const dispatcher = {
      dispatch: (_: object, handler: object): boolean => {
        if ('onResponseError' in handler && typeof handler.onResponseError === 'function') {
          handler.onResponseError(null, error);
        }
        return true;
      },
      close: () => Promise.resolve(),
      destroy: () => Promise.resolve(),
    };
    const client = new PDClient({ endpoints: [pd.endpoint], dispatcher });
    await expect(client.send(POST)).rejects.toBe(error);
    await expect(client.getStores()).rejects.toBe(error);
    const throwing = {
      ...dispatcher,
      dispatch: (): boolean => {
        throw error;
      },
    };
    await expect(
      new PDClient({ endpoints: [pd.endpoint], dispatcher: throwing }).send(POST),
    ).rejects.toBe(error);
    expect(pd.requests).toStrictEqual([]);
  });

  it('that lets a change start only once ends it after the first endpoint', async () => {
    const pds = await Promise.all(
      [1, 2].map(() => startFakePd(() => ({ status: 503, body: raw('no leader\n') }))),
    );
    const agent = new Agent();
    onTestFinished(async () => {
      await agent.destroy();
      await Promise.all(pds.map((pd) => pd.stop()));
    });
    let permits = 1;
    const dispatcher = {
      dispatch: (options: object, handler: object): boolean => {
        if ('method' in options && options.method === 'POST') permits -= 1;
        if (permits < 0) throw guard('the permit is used up');
        return agent.dispatch(options as Agent.DispatchOptions, handler);
      },
      close: () => Promise.resolve(),
      destroy: () => Promise.resolve(),
    };
    const client = new PDClient({ endpoints: pds.map(({ endpoint }) => endpoint), dispatcher });
    await expect(client.send(POST)).resolves.toMatchObject({
      outcome: 'refused',
      answer: expect.stringContaining('no leader'),
    });
    expect(pds.map(({ lines }) => lines)).toStrictEqual([['POST /operators'], []]);
  });

  it('that is closed under the client says so', async () => {
    const pd = await start();
    const agent = new Agent();
    await agent.destroy();
    const client = new PDClient({ endpoints: [pd.endpoint], dispatcher: agent });
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_CLIENT_CLOSED' });
    await expect(client.send(POST)).resolves.toMatchObject({ outcome: 'not_sent' });
  });
});
