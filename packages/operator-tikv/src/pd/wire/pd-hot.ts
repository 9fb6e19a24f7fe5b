import { parseGoTime } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';
import { parseStoreId } from './pd-store.ts';

/** A hot peer of a region (PD API, hotspots). Flows are per second. */
export interface PDHotRegion {
  readonly regionId: number;
  readonly storeId: number;
  readonly isLeader: boolean;
  readonly isLearner: boolean;
  /** Number of intervals in a row in which it was hot. */
  readonly hotDegree: number;
  readonly bytesPerSecond: number;
  readonly keysPerSecond: number;
  readonly queriesPerSecond: number;
  /** Milliseconds since the epoch; `null` when it cannot be read. */
  readonly lastUpdateMs: number | null;
}

/** The hot regions of one store. Flows are per second. */
export interface PDHotStoreRegions {
  readonly storeId: number;
  /**
   * Load of the whole store, hot or not, with one exception: by writes, as leader, PD fills bytes and keys with the
   * sum of the hot peers (`statistics/collector.go`). The next two alike; queries by writes, as peer, are 0.
   */
  readonly storeBytesPerSecond: number;
  readonly storeKeysPerSecond: number;
  readonly storeQueriesPerSecond: number;
  readonly regions: readonly PDHotRegion[];
}

/** Hot regions by store: those it leads, and those of which it has any peer. */
export interface PDHotRegions {
  readonly asLeader: readonly PDHotStoreRegions[];
  readonly asPeer: readonly PDHotStoreRegions[];
}

/** The flow of one store (PD API, hotspots). `null` where PD gives none. */
export interface PDHotStore {
  readonly storeId: number;
  readonly writeBytesPerSecond: number | null;
  readonly readBytesPerSecond: number | null;
  readonly writeKeysPerSecond: number | null;
  readonly readKeysPerSecond: number | null;
  readonly writeQueriesPerSecond: number | null;
  readonly readQueriesPerSecond: number | null;
}

/**
 * Reads the answer of `GET /hotspot/regions/{read,write}`; `null`, which is not "none": PD 6.5 has no running
 * cluster (PD API, cluster precondition).
 */
export function parseHotRegions(body: JsonReader): PDHotRegions | null {
  if (body.isMissing) return null;
  return {
    asLeader: parseByStore(body.field('as_leader')),
    asPeer: parseByStore(body.field('as_peer')),
  };
}

/** Reads the answer of `GET /hotspot/stores`, ascending by id. */
export function parseHotStores(body: JsonReader): readonly PDHotStore[] {
  for (const [key, member] of body.entries()) {
    if (!/^(?:bytes|keys|query|cpu)-/u.test(key)) member.fail('a rate that PD gives');
  }
  const rates = Object.entries(RATES).map(
    ([name, key]) => [name, readRates(body.field(key))] as const,
  );
  const storeIds = new Set(rates.flatMap(([, byStore]) => [...byStore.keys()]));
  return [...storeIds]
    .toSorted((one, other) => one - other)
    .map((storeId) => {
      const rate = (name: keyof typeof RATES): number | null =>
        rates.find(([found]) => found === name)?.[1].get(storeId) ?? null;
      return {
        storeId,
        writeBytesPerSecond: rate('writeBytesPerSecond'),
        readBytesPerSecond: rate('readBytesPerSecond'),
        writeKeysPerSecond: rate('writeKeysPerSecond'),
        readKeysPerSecond: rate('readKeysPerSecond'),
        writeQueriesPerSecond: rate('writeQueriesPerSecond'),
        readQueriesPerSecond: rate('readQueriesPerSecond'),
      };
    });
}

const RATES = {
  writeBytesPerSecond: 'bytes-write-rate',
  readBytesPerSecond: 'bytes-read-rate',
  writeKeysPerSecond: 'keys-write-rate',
  readKeysPerSecond: 'keys-read-rate',
  writeQueriesPerSecond: 'query-write-rate',
  readQueriesPerSecond: 'query-read-rate',
} as const;

function readRates(body: JsonReader): ReadonlyMap<number, number> {
  if (body.isMissing) return new Map();
  return new Map(body.entries().map(([id, rate]) => [parseStoreId(id, rate), rate.amount()]));
}

function parseByStore(body: JsonReader): readonly PDHotStoreRegions[] {
  return body
    .entries()
    .map(([id, store]) => parseStoreRegions(parseStoreId(id, store), store))
    .toSorted((one, other) => one.storeId - other.storeId);
}

function parseStoreRegions(storeId: number, body: JsonReader): PDHotStoreRegions {
  return {
    storeId,
    storeBytesPerSecond: body.field('store_bytes').amount(),
    storeKeysPerSecond: body.field('store_keys').amount(),
    storeQueriesPerSecond: body.field('store_query').amount(),
    regions: body.field('statistics').nullableList().map(parseHotRegion),
  };
}

function parseHotRegion(body: JsonReader): PDHotRegion {
  return {
    regionId: body.field('region_id').id(),
    storeId: body.field('store_id').id(),
    isLeader: body.field('is_leader').flag(),
    isLearner: body.field('is_learner').flag(),
    hotDegree: body.field('hot_degree').integer(),
    bytesPerSecond: body.field('flow_bytes').amount(),
    keysPerSecond: body.field('flow_keys').amount(),
    queriesPerSecond: body.field('flow_query').amount(),
    lastUpdateMs: parseGoTime(body.field('last_update_time').text('')),
  };
}
