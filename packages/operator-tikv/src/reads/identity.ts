import type { CallOptions, SystemIdentity } from 'operator-core';
import type { PDClient } from '../pd/index.ts';

/** Name of the kind of system that this plugin knows. */
const SYSTEM_KIND = 'tikv';

/** Reads the identity of the cluster: one request. Its version is the one of the PD leader. */
export async function identifyCluster(pd: PDClient, options: CallOptions): Promise<SystemIdentity> {
  const { clusterId, leader, members } = await pd.getMembers(options);
  const version = leader?.version ?? members.find((member) => member.version !== null)?.version;
  return {
    kind: SYSTEM_KIND,
    id: clusterId,
    ...(version === undefined || version === null ? {} : { version: version.replace(/^v/u, '') }),
  };
}
