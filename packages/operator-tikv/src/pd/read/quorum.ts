import { localRead } from '../http/connection.ts';
import type { Connection, PDCallOptions } from '../http/connection.ts';
import type { Endpoint, EndpointList } from '../http/endpoint-list.ts';
import type { Identity } from './identity.ts';
import { judgeAnswer } from '../http/judge-answer.ts';
import { PDError } from '../wire/pd-error.ts';
import type { PDMemberHealth } from '../wire/pd-health.ts';
import type { PDQuorum } from '../wire/pd-quorum.ts';
import { parseAnswer } from './read-spec.ts';
import { healthSpec } from './reads.ts';

/** Milliseconds that a member may take to report which of the others answer it. */
const HEALTH_MS = 2000;

/** Access to the members for {@link readQuorum}. */
export interface QuorumParts {
  readonly connection: Connection;
  readonly endpoints: EndpointList;
  readonly identity: Identity;
}

/**
 * Asks every endpoint of the cluster, all at the same time, which members answer it. Needs no leader. A member
 * that cannot reach others takes seconds for each before it answers: after {@link HEALTH_MS} the endpoints that
 * answer here are counted. `null` when none answers.
 */
export async function readQuorum(
  parts: QuorumParts,
  options: PDCallOptions,
): Promise<PDQuorum | null> {
  const heard = await Promise.all(
    parts.endpoints.all.map((endpoint) => readLocalHealth(parts, endpoint, options)),
  );
  const healths = heard.flatMap((one) => one.healths ?? []);
  if (healths.length === 0) return countEndpoints(heard);
  const members = [...new Set(healths.map(nameOf))].toSorted();
  const proven = heard.filter(({ isProven }) => isProven).map(({ origin }) => origin);
  // PD 6.5 calls every member unhealthy while there is no leader, the one that answers too (live, 6.5.12).
  const isAnswering = ({ isHealthy, clientUrls }: PDMemberHealth): boolean =>
    isHealthy || clientUrls.some((url) => proven.includes(url));
  const answering = [...new Set(healths.filter(isAnswering).map(nameOf))];
  // An endpoint may have another address than the one that its member advertises.
  const count = Math.max(answering.length, proven.length);
  const isLost = count * 2 <= members.length;
  return { answering: answering.toSorted(), members, view: 'members', isLost };
}

function countEndpoints(heard: readonly Heard[]): PDQuorum | null {
  const answering = heard.filter(({ isProven }) => isProven).map(({ origin }) => origin);
  if (answering.length === 0) return null;
  const members = heard.map(({ origin }) => origin);
  const isLost = answering.length * 2 <= members.length;
  return {
    answering: answering.toSorted(),
    members: members.toSorted(),
    view: 'endpoints',
    isLost,
  };
}

/** `PD_QUORUM_LOST`. */
export function quorumLost({ answering, members }: PDQuorum, cause?: unknown): PDError {
  const missing = members.filter((name) => !answering.includes(name));
  return new PDError({
    code: 'PD_QUORUM_LOST',
    message: `${describeQuorum({ answering, members })}: PD has no leader until more than half of them do. Missing: ${missing.join(', ')}`,
    facts: { answering: [...answering], members: [...members] },
    cause,
  });
}

/** `1 of 3 PD members answers, quorum is lost` */
export function describeQuorum({
  answering,
  members,
}: Pick<PDQuorum, 'answering' | 'members'>): string {
  const verb = answering.length === 1 ? 'answers' : 'answer';
  return `${answering.length} of ${members.length} PD members ${verb}, quorum is lost`;
}

/** Answer of one endpoint about the members. */
interface Heard {
  readonly origin: string;
  /** True when it answers, and belongs to the cluster. */
  readonly isProven: boolean;
  /** `null` when it does not report that. */
  readonly healths: readonly PDMemberHealth[] | null;
}

async function readLocalHealth(
  parts: QuorumParts,
  endpoint: Endpoint,
  options: PDCallOptions,
): Promise<Heard> {
  const { origin } = endpoint;
  const since = performance.now() - HEALTH_MS;
  const isProven = (await parts.identity.proveSince(endpoint, since, options)) === null;
  const healths = isProven ? await readHealth(parts, endpoint, options) : null;
  return { origin, isProven, healths };
}

async function readHealth(
  { connection }: QuorumParts,
  endpoint: Endpoint,
  options: PDCallOptions,
): Promise<readonly PDMemberHealth[] | null> {
  const request = localRead(endpoint.origin, healthSpec.path);
  const result = await connection.exchange(request, connection.within(HEALTH_MS, options));
  if (result.kind === 'failure') {
    if (result.reason === 'aborted') throw result.cause;
    return null;
  }
  if (judgeAnswer(result, request).kind !== 'ok') return null;
  try {
    return parseAnswer(healthSpec, result, { request, endpoint });
  } catch (error) {
    if (PDError.isInstance(error)) return null;
    throw error;
  }
}

function nameOf({ name, memberId }: PDMemberHealth): string {
  return name === '' ? memberId : name;
}
