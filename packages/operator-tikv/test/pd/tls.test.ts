import { describe, expect, it, onTestFinished } from 'vitest';

import { PDClient } from '../../src/pd/index.ts';
import type { PDClientOptions } from '../../src/pd/index.ts';
import { createAuthority } from './support/certificates.ts';
import { membersReply, startFakePd } from './support/fake-pd.ts';
import type { FakePd } from './support/fake-pd.ts';

const authority = createAuthority('right authority');
const stranger = createAuthority('another authority');
const server = authority.issue('127.0.0.1');
const STORES = { body: { count: 0, stores: [] } };

const POST = { purpose: 'test', method: 'POST', path: '/pd/api/v1/operators', body: '{}' } as const;

async function start(tls: Parameters<typeof startFakePd>[1]): Promise<FakePd> {
  const pd = await startFakePd(
    ({ method, path }) =>
      path === '/members'
        ? membersReply([pd.endpoint])
        : method === 'POST'
          ? { body: 'The operator is created.' }
          : STORES,
    tls,
  );
  onTestFinished(() => pd.stop());
  return pd;
}

function connect(pd: FakePd, options: Partial<PDClientOptions>): PDClient {
  const client = new PDClient({ endpoints: [pd.endpoint], ...options });
  onTestFinished(() => client.close());
  return client;
}

describe('TLS', () => {
  it('reads and changes with a client certificate', async () => {
    const pd = await start({
      tls: { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    });
    const client = connect(pd, { tls: { ca: authority.cert, ...authority.issue('operator') } });
    await expect(client.getStores()).resolves.toStrictEqual([]);
    await expect(client.send(POST)).resolves.toMatchObject({ outcome: 'accepted' });
  });

  it('checks the certificate against serverName', async () => {
    const pd = await start({ tls: authority.issue('pd.internal') });
    const client = connect(pd, { tls: { ca: authority.cert, serverName: 'pd.internal' } });
    await expect(client.getStores()).resolves.toStrictEqual([]);
  });

  it.each([
    [
      'an authority that is not trusted',
      { tls: stranger.issue('127.0.0.1') },
      /self-signed|verify|issuer/u,
    ],
    ['another name', { tls: authority.issue('pd.internal') }, /altnames|does not match/u],
  ])('refuses a certificate of %s and sends nothing', async (_, tls, words) => {
    const pd = await start(tls);
    const client = connect(pd, { tls: { ca: authority.cert } });
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_TLS_FAILED',
      kind: 'unreachable',
      retryable: false,
      endpoint: pd.endpoint,
      message: expect.stringMatching(words),
      remedy: expect.stringContaining('certificate'),
    });
    await expect(client.send(POST)).resolves.toMatchObject({
      outcome: 'not_sent',
      reason: expect.stringMatching(words),
    });
    expect(pd.requests).toStrictEqual([]);
  });

  // TLS 1.3 lets the client send before the server has looked at its certificate: the question who it is fails then.
  it.each([
    ['TLSv1.3', /client certificate/u],
    ['TLSv1.2', /handshake/u],
  ] as const)('%s: names the client certificate that is missing', async (version, words) => {
    const clientCertificate = { ca: authority.cert, requestCert: true, rejectUnauthorized: true };
    const pd = await start({ tls: { ...server, ...clientCertificate, maxVersion: version } });
    const client = connect(pd, { tls: { ca: authority.cert } });
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_TLS_FAILED',
      message: expect.stringMatching(words),
    });
    await expect(client.send(POST)).resolves.toMatchObject({ outcome: 'not_sent' });
    expect(pd.requests).toStrictEqual([]);
  });

  it('says that a server without TLS has none', async () => {
    const plain = await start({});
    const client = connect(plain, {
      endpoints: [plain.endpoint.replace('http:', 'https:')],
      tls: { ca: authority.cert },
    });
    await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_TLS_FAILED' });
  });

  it('does not follow members from https to http', async () => {
    const plain = await start({});
    const pd = await startFakePd(
      ({ path }) => (path === '/members' ? membersReply([plain.endpoint]) : STORES),
      { tls: server },
    );
    onTestFinished(() => pd.stop());
    const client = connect(pd, { tls: { ca: authority.cert } });
    await client.getStores();
    expect(plain.requests).toStrictEqual([]);
    expect(pd.lines).toStrictEqual(['GET /members', 'GET /stores']);
  });
});
