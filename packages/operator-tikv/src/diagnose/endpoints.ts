import type { CallOptions, Diagnosis } from 'operator-core';
import type { PDClient, PDMembers, PDStatus } from '../pd/index.ts';
import { attempt, failed, fine, judge, warning } from './finding.ts';
import type { Attempt, Finding } from './finding.ts';
import { isTooOld } from './version.ts';
import { wallNow } from '../pd/wire/wall-clock.ts';

const MOST_SKEW_MS = 5000;

/** Milliseconds after which the time in an answer is too old to compare. */
const QUICK_MS = 1000;

/** Answer of one endpoint about itself. */
export interface AskedEndpoint {
  readonly endpoint: string;
  readonly status: Attempt<PDStatus>;
  /** Time of its answer, milliseconds since the epoch. */
  readonly answeredAt: number;
}

/** Asks every endpoint for itself, once. */
export function askEndpoints(
  pd: PDClient,
  endpoints: readonly string[],
  options: CallOptions,
): Promise<readonly AskedEndpoint[]> {
  return Promise.all(
    endpoints.map(async (endpoint) => {
      const status = await attempt(pd.getStatus(endpoint, options), options);
      return { endpoint, status, answeredAt: wallNow() };
    }),
  );
}

/** Checks each endpoint: its cluster (default: the one of the first that answers), its member, and the time of its answer. */
export function judgeEndpoints(
  asked: readonly AskedEndpoint[],
  members: Attempt<PDMembers>,
  clusterId: string | null,
): readonly Diagnosis[] {
  const first = asked.flatMap(({ status }) => (status.ok ? [status.value.clusterId] : []))[0];
  const expected = clusterId ?? first ?? null;
  return asked.map(({ endpoint, status }) => ({
    check: `endpoint ${endpoint}`,
    ...(status.ok
      ? judgeStatus(status.value, { members, expected })
      : failed(status.message, status.remedy)),
  }));
}

function judgeStatus(
  status: PDStatus,
  { members, expected }: { members: Attempt<PDMembers>; expected: string | null },
): Finding {
  const { clusterId } = status;
  if (expected === null || clusterId === expected) return fine(describeEndpoint(status, members));
  return failed(
    `It belongs to cluster ${clusterId} and not to ${expected}: it is not used.`,
    'List the endpoints of one cluster only; set clusterId to choose one.',
  );
}

/** Checks that all members that answered run the same version, and one that is new enough. */
export function judgeVersions(
  asked: readonly AskedEndpoint[],
  members: Attempt<PDMembers>,
): Diagnosis {
  return judge('versions', members, (value) => {
    const answered = asked.flatMap(({ status }) => (status.ok ? [status.value.version] : []));
    const told = value.members.flatMap(({ version }) => (version === null ? [] : [version]));
    return judgeVersionList([...new Set([...answered, ...told])].toSorted());
  });
}

/** Checks that the clocks of the members agree with the one of this machine. */
export function judgeClocks(asked: readonly AskedEndpoint[]): Diagnosis {
  const skews = asked.flatMap((one) => {
    const skewMs = toSkewMs(one);
    return skewMs === null ? [] : [{ endpoint: one.endpoint, skewMs }];
  });
  if (skews.length === 0) {
    const message = 'No endpoint has reported its time quickly enough to compare it.';
    const remedy = 'Make an endpoint answer within a second.';
    return { check: 'clock', state: 'unknown', message, remedy };
  }
  const off = skews.filter(({ skewMs }) => Math.abs(skewMs) > MOST_SKEW_MS);
  return { check: 'clock', ...judgeSkews(off) };
}

function judgeSkews(off: readonly { endpoint: string; skewMs: number }[]): Finding {
  if (off.length === 0) return fine('The clocks of PD and of this machine agree.');
  const each = off.map(({ endpoint, skewMs }) => {
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    return `${endpoint} is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  });
  return warning(
    `The clock of this machine differs from the one of PD: ${each.join('; ')}.`,
    'Synchronise the clocks (NTP): ages of heartbeats are wrong by the same amount.',
  );
}

/** Milliseconds by which the endpoint's clock is ahead of ours. A `Date` header has whole seconds: their middle counts. */
function toSkewMs({ status, answeredAt }: AskedEndpoint): number | null {
  if (!status.ok || status.value.serverTimeMs === null) return null;
  if (status.value.tookMs > QUICK_MS) return null;
  return status.value.serverTimeMs + 500 - (answeredAt - status.value.tookMs / 2);
}

function describeEndpoint(status: PDStatus, members: Attempt<PDMembers>): string {
  const { endpoint, version, tookMs } = status;
  const all = members.ok ? members.value.members : [];
  const member = all.find(({ clientUrls }) => clientUrls.some((url) => isSame(url, endpoint)));
  const leader = members.ok ? members.value.leader?.memberId : undefined;
  const name = member === undefined ? 'A PD member' : `Member ${member.name}`;
  const role = member !== undefined && member.memberId === leader ? ', the leader,' : '';
  return `${name}${role} answers in ${Math.round(tookMs)} ms, version ${version}.`;
}

function isSame(url: string, endpoint: string): boolean {
  return URL.parse(url)?.origin === URL.parse(endpoint)?.origin;
}

function judgeVersionList(versions: readonly string[]): Finding {
  if (versions.length === 0) {
    return { state: 'unknown', message: 'No member reports its version.', remedy: 'Update PD.' };
  }
  const old = versions.filter((version) => isTooOld(version));
  if (old.length > 0) {
    const message = `PD ${old.join(', ')} is older than 6.5, with which nothing here was tested.`;
    return warning(message, 'Update PD to 6.5 or newer before changing anything through it.');
  }
  if (versions.length === 1) return fine(`All members run ${versions[0]}.`);
  return warning(
    `The members run different versions: ${versions.join(', ')}.`,
    'Finish the update of PD: answers of a leader with the other version may differ.',
  );
}
