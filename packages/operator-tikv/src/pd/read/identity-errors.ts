import type { Endpoint } from '../http/endpoint-list.ts';
import { PDError } from '../wire/pd-error.ts';

/** An endpoint belongs to another cluster than the one that is meant. */
export function belongsElsewhere(endpoint: Endpoint, found: string, expected: string): PDError {
  return new PDError({
    code: 'PD_CLUSTER_MISMATCH',
    message: `${endpoint.origin} belongs to cluster ${found} and not to ${expected}`,
    endpoint: endpoint.origin,
    facts: { found, expected },
  });
}

/** The members in an endpoint's answer are not those of the cluster to which it reports to belong. */
export function membersMismatch(from: Endpoint, found: string, expected: string): PDError {
  return new PDError({
    code: 'PD_CLUSTER_MISMATCH',
    message: `${from.origin} says that it belongs to cluster ${expected}, and its members are those of ${found}`,
    endpoint: from.origin,
    facts: { found, expected },
  });
}

/** The configured endpoints belong to different clusters. */
export function clustersDiffer(told: readonly Endpoint[]): PDError {
  const each = told.map(({ origin, clusterId }) => `${origin} belongs to cluster ${clusterId}`);
  return new PDError({
    code: 'PD_CLUSTER_MISMATCH',
    message: `the configured PD endpoints are of different clusters: ${each.join(', ')}`,
    remedy: 'Set clusterId to the cluster that is meant, or list endpoints of one cluster only.',
    facts: {
      clusters: Object.fromEntries(told.map(({ origin, clusterId }) => [origin, clusterId])),
    },
  });
}

/** The configured endpoints belong to another cluster than the subject did when it was last used. */
export function notRemembered(
  told: readonly Endpoint[],
  { found, remembered }: { found: string; remembered: string },
): PDError {
  const [first] = told;
  return new PDError({
    code: 'PD_CLUSTER_MISMATCH',
    message: `${first?.origin ?? 'PD'} belongs to cluster ${found}, and this subject was cluster ${remembered} when it was last used`,
    remedy: `If the subject has really become another cluster, set clusterId: "${found}"; else correct pdEndpoints.`,
    endpoint: first?.origin ?? null,
    facts: { found, expected: remembered },
  });
}
