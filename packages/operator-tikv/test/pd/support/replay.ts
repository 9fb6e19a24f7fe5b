import { onTestFinished } from 'vitest';

import { PDClient } from '../../../src/pd/index.ts';
import type { PDClientOptions } from '../../../src/pd/index.ts';
import { membersReply, raw, startFakePd } from './fake-pd.ts';
import type { FakePd, Handler, Reply } from './fake-pd.ts';
import { findExchange } from './recordings.ts';
import type { Exchange, Version } from './recordings.ts';

/** A recorded answer, to be sent byte for byte. */
export function replyOf({ response }: Exchange): Reply {
  return { status: response.status, headers: { ...response.headers }, body: raw(response.body) };
}

export interface Setup {
  readonly pd: FakePd;
  readonly client: PDClient;
}

/** A server that is the only member of its cluster, and a client of it; both end with the test. */
export async function connect(
  handler: Handler,
  options: Partial<PDClientOptions> = {},
): Promise<Setup> {
  const pd = await startFakePd((request, connection) =>
    request.path === '/members' ? membersReply([pd.endpoint]) : handler(request, connection),
  );
  const client = new PDClient({ endpoints: [pd.endpoint], ...options });
  onTestFinished(async () => {
    await client.close();
    await pd.stop();
  });
  return { pd, client };
}

/** As {@link connect}, answering everything with one recorded answer. */
export function replay(version: Version, file: string, name: string): Promise<Setup> {
  const exchange = findExchange(version, file, name);
  return connect(() => replyOf(exchange));
}
