import type { PDClient } from '../pd/pd-client.ts';
import type { PDStore } from '../pd/index.ts';

/** A store out of the list, or from PD when it is not in it: tombstones are not listed (PD API, stores). */
export async function findStore(
  stores: readonly PDStore[],
  storeId: number,
  read: { readonly pd: PDClient; readonly signal: AbortSignal },
): Promise<PDStore | null> {
  const listed = stores.find(({ id }) => id === storeId);
  return listed ?? (await read.pd.getStore(storeId, { signal: read.signal }));
}
