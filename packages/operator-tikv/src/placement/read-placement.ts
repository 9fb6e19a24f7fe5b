import { isUnknown } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import type { PDClient } from '../pd/pd-client.ts';
import type { PDConfig, PDRegionFit, PDRule } from '../pd/index.ts';
import { orUnknown } from '../reads/or-unknown.ts';

/** Rules and settings that decide where replicas and leaders of a region may be. */
export interface Placement {
  /**
   * Rules that apply to the region, in PD's order; none when the region crosses the border of a rule. While
   * placement rules are off, one rule represents the replication settings.
   */
  readonly rules: readonly PDRule[];
  readonly config: PDConfig;
  /** PD's own account of how the region meets the rules; `null` while placement rules are off. */
  readonly fit: PDRegionFit | null;
}

/** Reads the placement of a region, or why it cannot be known. Rejects where the configuration cannot be read. */
export async function readPlacement(
  pd: PDClient,
  regionId: number,
  options: { readonly signal: AbortSignal; readonly config: Promise<PDConfig> },
): Promise<OrUnknown<Placement>> {
  const { signal } = options;
  const [fit, config] = await Promise.all([
    orUnknown(pd.getRegionFit(regionId, { signal }), { signal }),
    options.config,
  ]);
  if (isUnknown(fit)) return fit;
  return { config, fit, rules: fit?.rules.map(({ rule }) => rule) ?? [replicationRule(config)] };
}

/** The replication settings as the one rule that they stand for while placement rules are off. */
function replicationRule({ replication }: Pick<PDConfig, 'replication'>): PDRule {
  return {
    groupId: 'pd',
    id: 'default',
    override: false,
    startKey: '',
    endKey: '',
    role: 'voter',
    isWitness: false,
    count: replication.maxReplicas,
    constraints: [],
    locationLabels: replication.locationLabels,
    isolationLevel: replication.isolationLevel,
  };
}
