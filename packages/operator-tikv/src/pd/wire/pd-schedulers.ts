import { parseGoTime } from './go-values.ts';
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
  const ranges = body.field('store-id-ranges').entries();
  const storeIds = ranges.map(([id, range]) => {
    range.list();
    return parseStoreId(id, range);
  });
  return { storeIds: storeIds.toSorted((one, other) => one - other) };
}

/** A scheduler that is paused (PD API, schedulers). A pause ends by itself, or with the PD leader. */
export interface PDPausedScheduler {
  readonly name: string;
  /** End of the pause, milliseconds since the epoch. */
  readonly resumesAtMs: number;
}

/** Reads one element of the answer of `GET /schedulers?status=paused&timestamp`. */
export function parsePausedScheduler(body: JsonReader): PDPausedScheduler {
  const resumesAt = body.field('resume_at');
  return {
    name: body.field('name').text(),
    resumesAtMs: parseGoTime(resumesAt.text()) ?? resumesAt.fail('a time'),
  };
}
