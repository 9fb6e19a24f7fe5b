import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PDClient, TiKVSubject } from 'operator-tikv';
import { Agent, request } from 'undici';
import { median, toRatio } from './measurement.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 2000;
const WARM_UP = 300;

/** Measures the time that the client adds to one request that changes something. */
export async function measureTransferLeader(): Promise<readonly Measurement[]> {
  const server = createServer((received, response) => {
    received.resume().on('end', () => {
      response.setHeader('content-type', 'application/json; charset=UTF-8');
      // Before a change the client asks the endpoint which cluster it belongs to.
      const isRead = received.method === 'GET';
      response.end(isRead ? '{"id":7462183643873562342}\n' : '"The operator is created."\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const subject = new TiKVSubject({ pd: new PDClient({ endpoints: [endpoint] }) });
  const agent = new Agent();
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const ownMs = await time(() => subject.transferLeader(9, '2'));
    const bareMs = await time(() => postBare(endpoint, agent));
    if (round >= 0) {
      own.push(ownMs);
      bare.push(bareMs);
    }
  }
  await Promise.all([subject.close(), agent.close()]);
  server.close();
  const medians = { measured: median(own), baseline: median(bare), unit: 'ms' };
  return [toRatio('`transferLeader` / the same GET and POST by bare undici', medians, 2)];
}

async function postBare(endpoint: string, dispatcher: Agent): Promise<string> {
  const cluster = await request(`${endpoint}/pd/api/v1/cluster`, { dispatcher });
  await cluster.body.text();
  const { body } = await request(`${endpoint}/pd/api/v1/operators`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"transfer-leader","region_id":9,"to_store_id":2}',
    dispatcher,
  });
  return body.text();
}

async function time(call: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - started) / 1e6;
}
