import type { CallOptions, Diagnosis } from 'operator-core';
import type { PDClient } from '../pd/index.ts';
import { readEvictions } from '../reads/evictions.ts';
import type { MetricsSources } from '../reads/store-metrics.ts';
import { readStoreTable } from '../reads/store-table.ts';
import { askEndpoints, judgeClocks, judgeEndpoints, judgeVersions } from './endpoints.ts';
import type { AskedEndpoint } from './endpoints.ts';
import { attempt } from './finding.ts';
import type { Attempt } from './finding.ts';
import { judgeHealth, judgeLeader } from './members.ts';
import { judgePrometheus } from './prometheus.ts';
import { judgeDrains, judgePauses, judgeScheduling } from './scheduling.ts';
import { judgeReadiness, judgeStores } from './stores.ts';

/** Looks for what is wrong with the connection and the cluster. Reads only, and never rejects for what it finds. */
export async function diagnose(
  sources: MetricsSources,
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const { pd, prometheus } = sources;
  const asked = await askEndpoints(pd, pd.endpoints, options);
  if (asked.every(({ status }) => !status.ok)) return diagnoseUnreachable(sources, asked, options);
  const [members, health, table, evictions, schedule, paused] = await Promise.all([
    attempt(pd.getMembers(options), options),
    attempt(pd.getHealth(options), options),
    attempt(readStoreTable(pd, options), options),
    readEvictions(pd, options),
    attempt(pd.getScheduleConfig(options), options),
    attempt(pd.getPausedSchedulers(options), options),
  ]);
  const all = [...asked, ...(await askDiscovered(pd, asked, options))];
  return [
    ...judgeEndpoints(all, members),
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

/** The endpoints that PD's members told of and that nobody configured. */
function askDiscovered(
  pd: PDClient,
  asked: readonly AskedEndpoint[],
  options: CallOptions,
): Promise<readonly AskedEndpoint[]> {
  const known = new Set(asked.map(({ endpoint }) => endpoint));
  const discovered = pd.endpoints.filter((endpoint) => !known.has(endpoint));
  return askEndpoints(pd, discovered, options);
}

async function diagnoseUnreachable(
  { prometheus }: MetricsSources,
  asked: readonly AskedEndpoint[],
  options: CallOptions,
): Promise<readonly Diagnosis[]> {
  const message = 'No endpoint of PD answers: nothing else of the cluster was looked at.';
  const remedy = 'Make an endpoint answer first.';
  const none: Attempt<never> = { ok: false, message, remedy };
  return [
    ...judgeEndpoints(asked, none),
    { check: 'cluster', state: 'unknown', message, remedy },
    await judgePrometheus(prometheus, none, options),
  ];
}
