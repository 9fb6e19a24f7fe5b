import { LARGEST_REGION_PAGE } from '../pd/index.ts';
import type { PDRegion, PDStore } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';

interface PageOptions {
  readonly signal: AbortSignal;
}

/** Reads all regions in pages in the order of their keys, one page in memory at a time. */
async function* readRegionPages(
  pd: PDClient,
  { signal }: PageOptions,
): AsyncGenerator<readonly PDRegion[]> {
  for (let startKey = ''; ;) {
    const page = await pd.getRegionsByKey({ startKey, limit: LARGEST_REGION_PAGE }, { signal });
    yield page;
    const end = page.at(-1)?.endKey ?? '';
    // Keys only grow. An answer that violates this must not keep the reader busy for ever.
    if (end <= startKey) return;
    startKey = end;
  }
}

/**
 * Reads the regions that the store leads. PD has no pages by store: few come in one answer, which PD
 * before 8.5 cannot narrow to leaders; otherwise all regions are gone through until as many are found as
 * the store leads.
 */
export async function* readLedRegions(
  pd: PDClient,
  store: Pick<PDStore, 'id' | 'leaderCount' | 'regionCount'>,
  options: PageOptions,
): AsyncGenerator<readonly PDRegion[]> {
  const { id, leaderCount } = store;
  if (leaderCount === 0) return;
  if (await fitsOneAnswer(pd, store, options)) {
    yield await pd.getRegionsOfStore(id, { ...options, type: 'leader' });
    return;
  }
  let found = 0;
  for await (const page of readRegionPages(pd, options)) {
    const led = page.filter(({ leader }) => leader?.storeId === id);
    found += led.length;
    yield led;
    if (found >= leaderCount) return;
  }
}

/**
 * Counts the leaderless regions with a peer on the store, up to `most` leaderless regions
 * in the whole cluster.
 */
export async function countLeaderless(
  pd: PDClient,
  { store, most }: { readonly store: Pick<PDStore, 'id' | 'regionCount'>; readonly most: number },
  options: PageOptions,
): Promise<number> {
  const isHere = ({ peers }: PDRegion): boolean =>
    peers.some(({ storeId }) => storeId === store.id);
  if (store.regionCount <= LARGEST_REGION_PAGE) {
    const regions = await pd.getRegionsOfStore(store.id, options);
    return regions.filter(({ leader }) => leader === null).length;
  }
  let [found, here] = [0, 0];
  for await (const page of readRegionPages(pd, options)) {
    const leaderless = page.filter(({ leader }) => leader === null);
    found += leaderless.length;
    here += leaderless.filter(isHere).length;
    if (found >= most) break;
  }
  return here;
}

async function fitsOneAnswer(
  pd: PDClient,
  { leaderCount, regionCount }: Pick<PDStore, 'leaderCount' | 'regionCount'>,
  options: PageOptions,
): Promise<boolean> {
  if (regionCount <= LARGEST_REGION_PAGE) return true;
  if (leaderCount > LARGEST_REGION_PAGE) return false;
  const { leader } = await pd.getMembers(options);
  return narrowsToLeaders(leader?.version ?? null);
}

/** PD 8.5 and later list the leaders of a store alone; earlier ones list all of its regions (PD API, version differences). */
function narrowsToLeaders(version: string | null): boolean {
  const [, major = 0, minor = 0] = /^v?(\d+)\.(\d+)/u.exec(version ?? '')?.map(Number) ?? [];
  return major > 8 || (major === 8 && minor >= 5);
}
