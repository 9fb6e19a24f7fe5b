import type { Diagnosis } from 'operator-core';
import type { PDClient, PDMembers } from '../pd/index.ts';
import type { AskedEndpoint } from './endpoints.ts';
import { fine, judge, warning } from './finding.ts';
import type { Attempt, Finding } from './finding.ts';

/** Checks that the configuration survives the loss of one endpoint, and that it names the cluster. */
export function judgeConfigured(
  pd: PDClient,
  { asked, members }: { asked: readonly AskedEndpoint[]; members: Attempt<PDMembers> },
): Diagnosis {
  return judge('endpoints', members, (value) => {
    const silent = pd.configuredEndpoints.filter((endpoint) =>
      asked.some((one) => one.endpoint === endpoint && !one.status.ok),
    );
    if (!pd.isPinned && silent.length > 0) return unpinned(value, silent);
    return judgeCount(pd.configuredEndpoints, value);
  });
}

function unpinned({ clusterId }: PDMembers, silent: readonly string[]): Finding {
  return warning(
    `The configuration sets no clusterId, and ${silent.join(', ')} did not report its cluster: the cluster of the others, ${clusterId}, is used.`,
    `If that is the intended cluster, set clusterId: "${clusterId}".`,
  );
}

function judgeCount(configured: readonly string[], { clusterId, members }: PDMembers): Finding {
  if (configured.length > 1 || members.length <= 1) {
    return fine(
      `${configured.length} of ${members.length} members of cluster ${clusterId} are configured.`,
    );
  }
  const urls = members.flatMap(({ clientUrls }) => clientUrls.slice(0, 1));
  return warning(
    `Only one of the ${members.length} PD members is configured: when it is down, a new process may find none.`,
    `List all of them: pdEndpoints: [${urls.join(', ')}]`,
  );
}
