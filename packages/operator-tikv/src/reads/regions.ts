import { unknownBecause } from 'operator-core';
import type { CallOptions, InferParameters, OrUnknown } from 'operator-core';
import { checkParameters } from '../contract/check-parameters.ts';
import type {
  RegionPage,
  RegionPeer,
  RegionQuery,
  RegionSelector,
  TiKVRegion,
} from '../model/region.ts';
import { regionParameters, regionsParameters } from '../contract/parameters.ts';
import type { PDClient, PDPeer, PDRegion } from '../pd/index.ts';
import { regionNotFound, storeNotFound } from '../errors/tikv-errors.ts';

const PAGE = 1024;
const MOST_PAGES = 16;
const MEBIBYTE = 1024 * 1024;

/** One region, by id or by a key in it. */
export async function readRegion(
  pd: PDClient,
  selector: RegionSelector,
  options: CallOptions,
): Promise<TiKVRegion> {
  const { region_id, key } = await checkParameters('getRegion', regionParameters, {
    ...('regionId' in selector ? { region_id: selector.regionId } : {}),
    ...('key' in selector ? { key: selector.key } : {}),
  });
  const region =
    region_id === undefined
      ? await pd.getRegionByKey(key ?? '', options)
      : await pd.getRegion(region_id, options);
  if (region === null) throw regionNotFound(selector);
  return toRegion(region);
}

/** One page of regions in key order; looks at 16,384 of them at most. */
export async function readRegions(
  pd: PDClient,
  query: RegionQuery,
  options: CallOptions,
): Promise<RegionPage> {
  const checked = await checkParameters('getRegions', regionsParameters, toParameters(query));
  const storeId = checked.store_id === undefined ? null : Number(checked.store_id);
  const found: PDRegion[] = [];
  let scanned = 0;
  let next: string | null = checked.start_key.toUpperCase();
  for (
    let page = 0;
    page < MOST_PAGES && next !== null && found.length < checked.limit;
    page += 1
  ) {
    const limit = storeId === null ? checked.limit : PAGE;
    const range = { startKey: next, endKey: checked.end_key, limit };
    const regions = await pd.getRegionsByKey(range, options);
    const matching = regions.filter((region) => storeId === null || isOn(region, storeId));
    const taken = matching.slice(0, checked.limit - found.length);
    found.push(...taken);
    // A full page ends behind the last region taken, another one behind the last region seen.
    const last = found.length < checked.limit ? regions.at(-1) : taken.at(-1);
    scanned += last === undefined ? 0 : regions.indexOf(last) + 1;
    next = nextKey(next, last, checked.end_key.toUpperCase());
  }
  if (storeId !== null && found.length === 0) await requireStore(pd, storeId, options);
  return { regions: found.map(toRegion), scanned, truncated: next !== null, nextKey: next };
}

/** A store without regions must exist: a mistyped id has no regions either. */
async function requireStore(pd: PDClient, storeId: number, options: CallOptions): Promise<void> {
  if ((await pd.getStore(storeId, options)) === null) throw storeNotFound(String(storeId));
}

/** Key of the next page after `last`, or `null` at the end. */
function nextKey(from: string, last: PDRegion | undefined, endKey: string): string | null {
  if (last === undefined || last.endKey === '') return null;
  if (endKey !== '' && last.endKey >= endKey) return null;
  // Keys only grow. A server that answers otherwise must not cause an endless loop.
  return last.endKey > from ? last.endKey : null;
}

function toParameters(query: RegionQuery): Partial<InferParameters<typeof regionsParameters>> {
  return {
    ...(query.storeId === undefined ? {} : { store_id: query.storeId }),
    ...(query.startKey === undefined ? {} : { start_key: query.startKey }),
    ...(query.endKey === undefined ? {} : { end_key: query.endKey }),
    ...(query.limit === undefined ? {} : { limit: query.limit }),
  };
}

function isOn(region: PDRegion, storeId: number): boolean {
  return region.peers.some((peer) => peer.storeId === storeId);
}

function toRegion(region: PDRegion): TiKVRegion {
  const { leader } = region;
  const unreported = 'no leader has reported the region to the PD leader';
  const reported = <Value>(value: Value): OrUnknown<Value> =>
    leader === null ? unknownBecause(unreported) : value;
  return {
    regionId: region.id,
    startKey: region.startKey,
    endKey: region.endKey,
    epoch: { version: region.epoch.version, confVer: region.epoch.confVer },
    leaderStoreId: leader === null ? unknownBecause(unreported) : String(leader.storeId),
    storeIds: toStoreIds(region.peers),
    learnerStoreIds: toStoreIds(region.peers.filter(({ role }) => role === 'Learner')),
    witnessStoreIds: toStoreIds(region.peers.filter(({ isWitness }) => isWitness)),
    unhealthyStoreIds: reported(
      toStoreIds(region.peers.filter((peer) => toHealth(region, peer) !== 'healthy')),
    ),
    peers: region.peers.map((peer) => toPeer(region, peer)),
    sizeBytes: sized(region, region.approximateSizeMiB * MEBIBYTE),
    keyCount: sized(region, region.approximateKeys),
    writtenBytes: reported(region.writtenBytes),
    readBytes: reported(region.readBytes),
  };
}

function toStoreIds(peers: readonly PDPeer[]): readonly string[] {
  return peers.map(({ storeId }) => String(storeId));
}

function sized(region: PDRegion, value: number): OrUnknown<number> {
  return region.approximateSizeMiB === 0
    ? unknownBecause('the region has not reported its size to the PD leader')
    : value;
}

function toPeer(region: PDRegion, peer: PDPeer): RegionPeer {
  return {
    peerId: peer.id,
    storeId: String(peer.storeId),
    role: peer.role,
    witness: peer.isWitness,
    health: toHealth(region, peer),
  };
}

function toHealth(region: PDRegion, peer: PDPeer): RegionPeer['health'] {
  if (region.leader === null) return unknownBecause('no leader has reported on it');
  if (region.downPeers.some((down) => down.peer.id === peer.id)) return 'down';
  return region.pendingPeers.some((pending) => pending.id === peer.id) ? 'pending' : 'healthy';
}
