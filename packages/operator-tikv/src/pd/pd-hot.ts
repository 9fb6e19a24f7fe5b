import { parseGoTime } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';
import { parseStoreId } from './pd-store.ts';

/** A hot peer of a region (PD API, hotspots). Flows are per second. */
export interface PDHotRegion {
  readonly regionId: number;
  readonly storeId: number;
  readonly isLeader: boolean;
  readonly isLearner: boolean;
  /** How many intervals in a row it has been hot. */
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
  /** Of the whole store, hot or not. */
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

/** Reads the answer of `GET /hotspot/regions/{read,write}`; `null` before the cluster is bootstrapped. */
export function parseHotRegions(body: JsonReader): PDHotRegions {
  if (body.isMissing) return { asLeader: [], asPeer: [] };
  return {
    asLeader: parseByStore(body.field('as_leader')),
    asPeer: parseByStore(body.field('as_peer')),
  };
}

/** Reads the answer of `GET /hotspot/stores`, ascending by id. */
export function parseHotStores(body: JsonReader): readonly PDHotStore[] {
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
  return new Map(body.entries().map(([id, rate]) => [parseStoreId(id, rate), rate.number()]));
}

// A store without statistics is `null` when it was asked for by id.
function parseByStore(body: JsonReader): readonly PDHotStoreRegions[] {
  if (body.isMissing) return [];
  return body
    .entries()
    .filter(([, store]) => !store.isMissing)
    .map(([id, store]) => parseStoreRegions(parseStoreId(id, store), store))
    .toSorted((one, other) => one.storeId - other.storeId);
}

function parseStoreRegions(storeId: number, body: JsonReader): PDHotStoreRegions {
  return {
    storeId,
    storeBytesPerSecond: body.field('store_bytes').number(0),
    storeKeysPerSecond: body.field('store_keys').number(0),
    storeQueriesPerSecond: body.field('store_query').number(0),
    regions: body.field('statistics').items().map(parseHotRegion),
  };
}

function parseHotRegion(body: JsonReader): PDHotRegion {
  return {
    regionId: body.field('region_id').count(),
    storeId: body.field('store_id').count(),
    isLeader: body.field('is_leader').flag(false),
    isLearner: body.field('is_learner').flag(false),
    hotDegree: body.field('hot_degree').number(0),
    bytesPerSecond: body.field('flow_bytes').number(0),
    keysPerSecond: body.field('flow_keys').number(0),
    queriesPerSecond: body.field('flow_query').number(0),
    lastUpdateMs: parseGoTime(body.field('last_update_time').text('')),
  };
}
