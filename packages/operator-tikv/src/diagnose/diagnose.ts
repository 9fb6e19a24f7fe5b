import { setTimeout } from 'node:timers/promises';
import type { CallOptions, Diagnosis, Remedy } from 'operator-core';
import type { PDClient, PDMembers, PDQuorum } from '../pd/index.ts';
import { readEvictions } from '../reads/evictions.ts';
import type { MetricsSources } from '../reads/store-metrics.ts';
import { readStoreTable } from '../reads/store-table.ts';
import { askEndpoints, judgeClocks, judgeEndpoints, judgeVersions } from './endpoints.ts';
import type { AskedEndpoint } from './endpoints.ts';
import { attempt } from './finding.ts';
import type { Attempt } from './finding.ts';
import { judgeConfigured } from './configured-endpoints.ts';
import { judgeHealth, judgeLeader, judgeQuorum } from './members.ts';
import { judgePrometheus } from './prometheus.ts';
import { judgeDrains, judgePauses, judgeScheduling } from './scheduling.ts';
import { judgeReadiness, judgeStores } from './stores.ts';

/** Milliseconds in which a leader answers that is there, endpoints that are silent included. */
const LEADER_MS = 3000;

/** Checks the connection and the cluster. Reads only; a fault is a finding and no rejection. */
export async function diagnose(
  sources: MetricsSources,
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const { pd } = sources;
  const enough = new AbortController();
  const signal =
    options.signal === undefined ? enough.signal : AbortSignal.any([options.signal, enough.signal]);
  const reading = attempt(pd.getMembers({ signal }), options);
  // It is waited for below, unless something ends the diagnosis before.
  reading.catch(() => {});
  try {
    const late = wait(LEADER_MS, options);
    const [asked, quorum] = await Promise.all([
      askEndpoints(pd, pd.endpoints, options),
      attempt(pd.getQuorum(options), options),
    ]);
    if (asked.every(({ status }) => !status.ok))
      return await diagnoseSilent(sources, asked, options);
    const lost = quorum.ok && quorum.value?.isLost === true ? quorum.value : null;
    if (lost !== null && !(await hasLeader(lost, reading, late))) {
      return await diagnoseLeaderless(sources, { asked, leader: judgeQuorum(lost) }, options);
    }
    const members = await reading;
    if (!members.ok && !members.isAnswered) {
      return await diagnoseLeaderless(sources, { asked, leader: judgeLeader(members) }, options);
    }
    return await diagnoseCluster(sources, { asked, members }, options);
  } finally {
    enough.abort();
  }
}

/** Endpoints that do not answer here may still answer each other: then the members can be read within a moment. */
async function hasLeader(
  { view }: PDQuorum,
  reading: Promise<Attempt<PDMembers>>,
  late: Promise<null>,
): Promise<boolean> {
  if (view === 'members') return false;
  const members = await Promise.race([reading, late]);
  return members?.ok === true;
}

async function wait(ms: number, { signal }: CallOptions): Promise<null> {
  await setTimeout(ms, null, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(
    () => null,
  );
  return null;
}

function diagnoseSilent(
  sources: MetricsSources,
  asked: readonly AskedEndpoint[],
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const message = 'No endpoint of PD answers: the rest of the cluster was not checked.';
  const skipped = { message, remedy: 'Make an endpoint answer first.', leader: null };
  return diagnoseEndpoints(sources, { asked, skipped }, options);
}

async function diagnoseCluster(
  { pd, prometheus }: MetricsSources,
  { asked, members }: { asked: readonly AskedEndpoint[]; members: Attempt<PDMembers> },
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const config = pd.getScheduleConfig(options);
  const [health, table, evictions, schedule, paused, discovered] = await Promise.all([
    attempt(pd.getHealth(options), options),
    attempt(readStoreTable(pd, options), options),
    readEvictions(pd, { ...options, config }),
    attempt(config, options),
    attempt(pd.getPausedSchedulers(options), options),
    askDiscovered(pd, asked, options),
  ]);
  const all = [...asked.filter(({ endpoint }) => pd.endpoints.includes(endpoint)), ...discovered];
  return [
    ...judgeEndpoints(all, members, pd.clusterId),
    judgeConfigured(pd, { asked: all, members }),
    judgeLeader(members),
    judgeVersions(all, members),
    judgeClocks(all),
    judgeHealth(health),
    judgeReadiness(table),
    judgeStores(table),
    judgeDrains(evictions),
    judgeScheduling(schedule),
    judgePauses(paused),
    await judgePrometheus(prometheus, table, options),
  ];
}

/** The endpoints that PD's members advertise and the configuration does not have. */
function askDiscovered(
  pd: PDClient,
  asked: readonly AskedEndpoint[],
  options: CallOptions,
): Promise<readonly AskedEndpoint[]> {
  const known = new Set(asked.map(({ endpoint }) => endpoint));
  const discovered = pd.endpoints.filter((endpoint) => !known.has(endpoint));
  return askEndpoints(pd, discovered, options);
}

/** PD answers, but has no leader or is of another cluster: every other check would fail for the same reason. */
function diagnoseLeaderless(
  sources: MetricsSources,
  { asked, leader }: { asked: readonly AskedEndpoint[]; leader: Diagnosis },
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const message = 'The rest of the cluster was not checked: that needs the leader of PD.';
  const remedy = 'Repair the PD leader first: see the check `leader`.';
  return diagnoseEndpoints(sources, { asked, skipped: { message, remedy, leader } }, options);
}

/** Reason that only the endpoints were read. */
interface SkipReason {
  readonly message: string;
  readonly remedy: string | Remedy;
  readonly leader: Diagnosis | null;
}

async function diagnoseEndpoints(
  { pd, prometheus }: MetricsSources,
  { asked, skipped }: { asked: readonly AskedEndpoint[]; skipped: SkipReason },
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const { message, remedy, leader } = skipped;
  const none: Attempt<never> = { ok: false, message, remedy, isAnswered: false };
  return [
    ...judgeEndpoints(asked, none, pd.clusterId),
    ...(leader === null ? [] : [leader, judgeClocks(asked)]),
    { check: 'cluster', state: 'unknown', message, remedy },
    await judgePrometheus(prometheus, none, options),
  ];
}
