import type { Connection, PDCallOptions, PDRequest } from './connection.ts';
import { judgeAnswer } from './judge-answer.ts';
import { judgeFailure } from './judge-failure.ts';
import { parseStatus } from './pd-health.ts';
import { parseClusterId } from './pd-members.ts';
import type { PDStatus } from './pd-health.ts';
import { parseAnswer } from './read-spec.ts';
import { PD_API } from './requests.ts';

/** Asks one server about itself, once. Before PD 8.5.5 a follower would describe the leader without the header. */
export async function probe(
  connection: Connection,
  origin: string,
  options: PDCallOptions,
): Promise<PDStatus> {
  const request = localRead(origin, '/status');
  const startedAt = performance.now();
  const result = await connection.exchange(request, options);
  const tookMs = performance.now() - startedAt;
  if (result.kind === 'failure') {
    if (result.reason === 'aborted') throw result.cause;
    throw judgeFailure(result, request, connection.limits).error;
  }
  const judgement = judgeAnswer(result, request);
  if (judgement.kind !== 'ok') throw judgement.error;
  const endpoint = { origin, isVerified: false, failedAt: null };
  const status = parseAnswer({ path: '/status', parse: parseStatus }, result, {
    request,
    endpoint,
  });
  const clusterId = await readClusterId(connection, origin, options);
  const serverTimeMs = toTime(result.headers['date']);
  return { endpoint: origin, ...status, clusterId, serverTimeMs, tookMs };
}

/** The server has answered for itself: that it does not tell its cluster too is no failure. */
async function readClusterId(
  connection: Connection,
  origin: string,
  options: PDCallOptions,
): Promise<string | null> {
  const request = localRead(origin, '/members');
  const result = await connection.exchange(request, options);
  if (result.kind === 'failure') {
    if (result.reason === 'aborted') throw result.cause;
    return null;
  }
  if (judgeAnswer(result, request).kind !== 'ok') return null;
  const endpoint = { origin, isVerified: false, failedAt: null };
  try {
    const spec = { path: '/members', parse: parseClusterId, isExact: true };
    return parseAnswer(spec, result, { request, endpoint });
  } catch {
    return null;
  }
}

function localRead(origin: string, path: string): PDRequest {
  return { origin, method: 'GET', path: `${PD_API}${path}`, body: null, isLocal: true };
}

function toTime(date: unknown): number | null {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
