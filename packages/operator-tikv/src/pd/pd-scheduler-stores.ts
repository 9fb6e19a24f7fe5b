import type { JsonReader } from './json-reader.ts';
import { parseStoreId } from './pd-store.ts';

/**
 * The stores that an evict-leader or grant-leader scheduler works on (PD API, schedulers). They stay until
 * they are removed.
 */
export interface PDSchedulerStores {
  /** Ascending. */
  readonly storeIds: readonly number[];
}

/** Reads the answer of `GET /scheduler-config/{name}/list`. */
export function parseSchedulerStores(body: JsonReader): PDSchedulerStores {
  const ranges = body.field('store-id-ranges');
  if (ranges.isMissing) return { storeIds: [] };
  const storeIds = ranges.entries().map(([id, range]) => parseStoreId(id, range));
  return { storeIds: storeIds.toSorted((one, other) => one - other) };
}
