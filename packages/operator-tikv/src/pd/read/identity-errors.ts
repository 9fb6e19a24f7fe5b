import type { Endpoint } from '../http/endpoint-list.ts';
import { PDError } from '../wire/pd-error.ts';

/** Error for an endpoint of another cluster than the intended one. */
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
    message: `${from.origin} reports cluster ${expected}, but its members are those of cluster ${found}`,
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
    remedy: 'Set clusterId to the intended cluster, or list endpoints of one cluster only.',
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
