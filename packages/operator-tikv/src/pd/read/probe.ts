import { localRead } from '../http/connection.ts';
import type { Connection, PDCallOptions } from '../http/connection.ts';
import { createEndpoint } from '../http/endpoint-list.ts';
import { IDENTITY_MS } from './identity.ts';
import type { Identity } from './identity.ts';
import { judgeAnswer } from '../http/judge-answer.ts';
import { judgeFailure } from '../http/judge-failure.ts';
import { parseStatus } from '../wire/pd-health.ts';
import type { PDStatus } from '../wire/pd-health.ts';
import { answeredAtMs, parseAnswer } from './read-spec.ts';

/**
 * Asks one server about itself, once: first for its cluster, then for the rest. Before PD 8.5.5 a follower would
 * describe the leader without the header.
 */
export async function probe(
  { connection, identity }: { readonly connection: Connection; readonly identity: Identity },
  origin: string,
  options: PDCallOptions,
): Promise<PDStatus> {
  const endpoint = createEndpoint(origin, 'configured');
  const clusterId = await identity.ask(endpoint, options);
  const spec = { path: '/status', parse: parseStatus };
  const request = localRead(origin, spec.path);
  const quick = connection.within(IDENTITY_MS, options);
  const startedAt = performance.now();
  const result = await connection.exchange(request, quick);
  const tookMs = performance.now() - startedAt;
  if (result.kind === 'failure') {
    if (result.reason === 'aborted') throw result.cause;
    throw judgeFailure(result, request, connection.limitsOf(quick)).error;
  }
  const judgement = judgeAnswer(result, request);
  if (judgement.kind !== 'ok') throw judgement.error;
  const status = parseAnswer(spec, result, { request, endpoint });
  const serverTimeMs = answeredAtMs(result);
  return { endpoint: origin, ...status, clusterId, serverTimeMs, tookMs };
}
