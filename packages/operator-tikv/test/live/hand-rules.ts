import type { LiveCluster } from './cluster.ts';

/** Group of the rules that the tests set; it is deleted with everything that differs from the snapshot. */
const GROUP = 'operator-live';
/** Label by which a rule names a store; no cluster has it. */
export const STORE_LABEL = 'operator-live-store';
/** Label of failure domains that the tests make up. */
export const DOMAIN_LABEL = 'operator-live-domain';

/** A part of a region's peers, and the stores that may have them. */
export interface RulePart {
  readonly role: 'voter' | 'leader' | 'follower' | 'learner';
  readonly count: number;
  /** Default: every TiKV store. */
  readonly storeIds?: readonly string[];
  readonly locationLabels?: readonly string[];
  readonly isolationLevel?: string;
}

interface HandKeys {
  readonly start_key: string;
  readonly end_key: string;
}

/** Sets placement rules for one region alone, in place of those of the cluster. */
export async function setRegionRules(
  { hand }: LiveCluster,
  regionId: number,
  parts: readonly RulePart[],
): Promise<void> {
  const { start_key, end_key } = await hand.read<HandKeys>(`region/id/${regionId}`);
  const rules = parts.map((part, index) => ({
    group_id: GROUP,
    id: `part-${index}`,
    index,
    start_key,
    end_key,
    role: part.role,
    count: part.count,
    location_labels: part.locationLabels ?? [],
    isolation_level: part.isolationLevel ?? '',
    label_constraints:
      part.storeIds === undefined
        ? []
        : [{ key: STORE_LABEL, op: 'in', values: [...part.storeIds] }],
  }));
  const bundle = { group_id: GROUP, group_index: 100, group_override: true, rules };
  await hand.change('POST', `config/placement-rule/${GROUP}`, bundle);
}

/** Labels every TiKV store with its id, so that rules can name it. */
export async function labelStores(cluster: LiveCluster): Promise<void> {
  for (const { id } of await cluster.stores()) {
    await setLabel(cluster, id, { [STORE_LABEL]: String(id) });
  }
}

/** Adds labels to a store. */
export async function setLabel(
  { hand }: LiveCluster,
  storeId: number | string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  await hand.change('POST', `store/${storeId}/label`, labels);
}

/** Lets the region have voters on these stores only. */
export async function keepRegionOn(
  cluster: LiveCluster,
  regionId: number,
  storeIds: readonly string[],
): Promise<void> {
  await labelStores(cluster);
  await setRegionRules(cluster, regionId, [{ role: 'voter', count: storeIds.length, storeIds }]);
}
