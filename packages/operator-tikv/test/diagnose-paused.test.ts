import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSubject } from './observations/open-cluster.ts';

const CLUSTER = '7714054373084373495';

function memberOf(id: number): string {
  return `{"name":"pd${id}","member_id":${id},"peer_urls":["http://127.0.0.1:1"],"client_urls":["http://127.0.0.1:${id}"],"binary_version":"v8.5.7"}`;
}

/** A member of PD: one that is paused takes connections and never answers. */
async function startMember(answer: RequestListener = () => undefined): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers of the only member that is not paused, as PD 8.5.7 and 26.3.4 give them. */
function createSurvivor(members: (end: (status: number, text: string) => void) => void) {
  return startMember(({ url = '' }, response) => {
    const end = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    };
    if (url.endsWith('/cluster')) end(200, `{"id":${CLUSTER},"max_peer_count":3}`);
    else if (url.endsWith('/status')) end(200, '{"version":"v8.5.7","start_timestamp":1796068241}');
    else if (url.endsWith('/members')) members(end);
    // It asks each paused member for 3 s before it says how they are.
  });
}

const LOST = '1 of 3 PD members answers, quorum is lost';

describe('paused members of PD', () => {
  it('count as not answering, and lost quorum is said within 5 s', async () => {
    const survivor = await createSurvivor((end) => {
      setTimeout(end, 3000, 503, '[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader');
    });
    const paused = [await startMember(), await startMember()];
    const startedAt = performance.now();
    const diagnoses = await openSubject([...paused, survivor]).diagnose();
    expect(performance.now() - startedAt).toBeLessThan(5000);
    const leader = diagnoses.find(({ check }) => check === 'leader');
    expect(leader).toMatchObject({ state: 'failed', isUnreachable: true });
    expect(leader?.message).toContain(LOST);
    for (const origin of paused) expect(leader?.message).toContain(origin);
  });

  it('end a read with that reason after seconds, although the survivor names one of them as leader', async () => {
    const all = [1, 2, 3].map(memberOf).join(',');
    const survivor = await createSurvivor((end) => {
      end(200, `{"header":{"cluster_id":${CLUSTER}},"members":[${all}],"leader":${memberOf(1)}}`);
    });
    const paused = [await startMember(), await startMember()];
    const startedAt = performance.now();
    const reading = openSubject([survivor, ...paused]).getStores();
    await expect(reading).rejects.toMatchObject({ code: 'PD_QUORUM_LOST' });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  }, 60_000);

  it('do not make quorum lost where PD answers all the same', async () => {
    const all = [1, 2, 3].map(memberOf).join(',');
    const answer = `{"header":{"cluster_id":${CLUSTER}},"members":[${all}],"leader":${memberOf(2)}}`;
    const survivor = await createSurvivor((end) => end(200, answer));
    const paused = [await startMember(), await startMember()];
    const diagnoses = await openSubject([...paused, survivor]).diagnose();
    expect(diagnoses.map(({ message }) => message).join('\n')).not.toContain(LOST);
    expect(diagnoses.find(({ check }) => check === 'leader')?.state).toBe('ok');
  }, 60_000);
});
