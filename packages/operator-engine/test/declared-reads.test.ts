import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openPlugin } from './support/open-plugin.ts';
import type { OpenPlugin } from './support/open-plugin.ts';
import { Recorder } from './support/recorder.ts';

const PLUGIN = new URL('support/requests-plugin.ts', import.meta.url);

// The paths and bodies of etcd: one path reads alarms and takes them back.
const ALARM = { purpose: 'alarm', method: 'POST', path: '/v3/maintenance/alarm' };
const GET_ALARMS = { ...ALARM, body: '{"action":"GET","memberID":0}' };
const DISARM = { ...ALARM, body: '{"action":"DEACTIVATE","memberID":7,"alarm":"NOSPACE"}' };
const PUT = { purpose: 'put it', method: 'PUT', path: '/it', body: '{}' };

const post = (path: string, body: unknown = {}): object => ({
  purpose: '',
  method: 'POST',
  path,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

async function open(recorder: Recorder): Promise<OpenPlugin> {
  recorder.isChange = ({ method, path, body }) =>
    (method !== 'GET' && !body.includes('"GET"')) || path.startsWith('/admin');
  return openPlugin(PLUGIN, { url: recorder.url });
}

describe('a request that is declared to read', () => {
  it.each([
    GET_ALARMS,
    post('/rpc', { params: [], method: 'get' }),
    post('/search?size=1&preview=true'),
    { method: 'PUT', path: '/books/_validate', body: '{}' },
    { method: 'GET', path: '/admin?action=LIST', body: null },
  ])('leaves while planning: %j', async (ask) => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder);
    await opened.plan('send_these', { requests: [PUT], ask: [ask] });
    expect(recorder.received.map(({ path }) => path)).toContain((ask as { path: string }).path);
  });

  it.each([
    DISARM,
    { ...ALARM, body: '{"action":"get"}' },
    { ...ALARM, body: 'action=GET' },
    { ...ALARM, body: '["action","GET"]' },
    { ...ALARM, body: null },
    post('/rpc', { method: 'get', params: [], id: 1 }),
    post('/rpc', { method: 'set', params: [] }),
    post('/search'),
    post('/search?preview=true'),
    post('/search?preview=true&size=1&delete=true'),
    post('/search?preview=false&size=1'),
    post('/books/_validate'),
    { method: 'PUT', path: '/books/x/_validate', body: '{}' },
    { method: 'PUT', path: '/books/_validate/x', body: '{}' },
    { method: 'PUT', path: '/../_validate', body: '{}' },
    { method: 'PUT', path: '/a%2F_validate/_validate', body: '{}' },
    { method: 'GET', path: '/admin?name=a&action=DELETE', body: null },
  ])('is not one that only looks like it: %j', async (ask) => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder);
    const error = await failureOf(opened.plan('send_these', { requests: [PUT], ask: [ask] }));
    expect(error.code).toBe('WRITE_WHILE_READING');
    const { path } = ask as { path: string };
    expect(recorder.received.filter((one) => one.path === path)).toEqual([]);
  });

  it.each([
    [GET_ALARMS, /POST \/v3\/maintenance\/alarm is declared to be a read/u],
    [post('/search?preview=true&size=1'), /is declared to be a read/u],
    [{ ...PUT, method: 'GET', body: null }, /GET \/it is a read unless `writes` declares it/u],
  ])('is refused as a request of a plan: %j', async (request, message) => {
    await using recorder = await new Recorder().open();
    await using opened = await open(recorder);
    const planned = { ...request, purpose: 'read it' };
    const error = await failureOf(opened.plan('send_these', { requests: [planned] }));
    expect(error).toMatchObject({
      code: 'PLUGIN_MISBEHAVED',
      message: expect.stringMatching(message),
    });
  });
});

describe('a request that writes', () => {
  it.each([DISARM, { purpose: 'delete', method: 'GET', path: '/admin?action=DELETE', body: null }])(
    'leaves once, as the request of a plan: %j',
    async (request) => {
      await using recorder = await new Recorder().open();
      await using opened = await open(recorder);
      const plan = await opened.plan('send_these', { requests: [request] });
      expect(recorder.changes).toEqual([]);
      const { result } = await drain(opened.subject.apply(plan));
      expect(result.state).toBe('succeeded');
      expect(recorder.changes).toHaveLength(1);
    },
  );
});
