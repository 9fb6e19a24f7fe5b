import { describe, expect, it } from 'vitest';
import { drain, failureOf } from './support/errors.ts';
import { openPlugin } from './support/open-plugin.ts';
import { Recorder } from './support/recorder.ts';

const PLUGIN = new URL('support/requests-plugin.ts', import.meta.url);

const PUT = { purpose: 'put it', method: 'PUT', path: '/it', body: '{}' };

describe('a planned request by HTTP', () => {
  it('carries its protocol in the plan, and a body in Base64 leaves as its bytes', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await openPlugin(PLUGIN, { url: recorder.url });
    const bytes = Buffer.from([0, 255, 128, 10]);
    const request = { ...PUT, body: bytes.toString('base64'), encoding: 'base64' };
    const plan = await opened.plan('send_these', { requests: [request] });
    expect(plan.requests).toEqual([{ ...request, protocol: 'http', target: [recorder.url] }]);
    const { result } = await drain(opened.subject.apply(plan));
    expect(result.state).toBe('succeeded');
    expect(recorder.changes.map(({ body }) => body)).toEqual([bytes]);
  });

  it.each([
    [{ ...PUT, body: 'a', encoding: 'base64' }, /requests\.0\.body: is not Base64/u],
    [{ ...PUT, timeoutMs: 0 }, /requests\.0\.timeoutMs/u],
    [{ ...PUT, timeoutMs: 86_400_001 }, /requests\.0\.timeoutMs/u],
    [{ ...PUT, protocol: 'resp' }, /requests\.0\.protocol/u],
    [
      { purpose: 'set it', protocol: 'http', statement: {}, text: 'x' },
      /requests\.0\.protocol: is `http`, which has no statement/u,
    ],
    [{ purpose: 'set it', protocol: 'resp', statement: {}, text: '' }, /requests\.0\.text/u],
  ])('is refused when it is planned as %j', async (request, message) => {
    await using recorder = await new Recorder().open();
    await using opened = await openPlugin(PLUGIN, { url: recorder.url });
    const error = await failureOf(opened.plan('send_these', { requests: [request] }));
    expect(error).toMatchObject({
      code: 'PLUGIN_MISBEHAVED',
      message: expect.stringMatching(message),
    });
  });

  it('is given up after its own timeout, and reading decides', async () => {
    await using recorder = await new Recorder().open();
    recorder.reply = ({ method }) => (method === 'PUT' ? { delayMs: 3_000 } : undefined);
    await using opened = await openPlugin(PLUGIN, { url: recorder.url });
    const plan = await opened.plan('send_these', { requests: [{ ...PUT, timeoutMs: 200 }] });
    const startedAt = performance.now();
    const { result } = await drain(opened.subject.apply(plan));
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
    expect(recorder.changes).toHaveLength(1);
  });

  it('is waited for longer than the limit of the host where its timeout says so', async () => {
    await using recorder = await new Recorder().open();
    recorder.reply = ({ method }) => (method === 'PUT' ? { delayMs: 600 } : undefined);
    const limits = { sendMs: 200 };
    await using opened = await openPlugin(PLUGIN, { url: recorder.url }, { limits });
    const plan = await opened.plan('send_these', { requests: [{ ...PUT, timeoutMs: 5_000 }] });
    const { result } = await drain(opened.subject.apply(plan));
    expect(result).toMatchObject({ state: 'succeeded', answerLost: false });
  });

  it('has its timeout in the plan and in its digest', async () => {
    await using recorder = await new Recorder().open();
    await using opened = await openPlugin(PLUGIN, { url: recorder.url });
    const plan = await opened.plan('send_these', { requests: [{ ...PUT, timeoutMs: 5_000 }] });
    expect(plan.requests[0].timeoutMs).toBe(5_000);
    const other = await opened.plan('send_these', { requests: [{ ...PUT, timeoutMs: 6_000 }] });
    expect(other.digest).not.toBe(plan.digest);
  });
});
