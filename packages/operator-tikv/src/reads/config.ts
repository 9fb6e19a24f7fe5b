import type { CallOptions, JsonObject } from 'operator-core';
import type { ConfigItem } from '../model/cluster.ts';
import type { PDClient } from '../pd/index.ts';

/** PD's settings for scheduling and replication, by name, and the cluster's version. */
export async function readConfig(
  pd: PDClient,
  options: CallOptions,
): Promise<readonly ConfigItem[]> {
  const { clusterVersion, schedule, replication } = await pd.getConfig(options);
  return [
    { name: 'cluster-version', value: clusterVersion },
    ...toItems('replication', replication.raw),
    ...toItems('schedule', schedule.raw),
  ];
}

function toItems(section: string, values: JsonObject): readonly ConfigItem[] {
  return Object.entries(values)
    .map(([name, value]) => ({ name: `${section}.${name}`, value }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
