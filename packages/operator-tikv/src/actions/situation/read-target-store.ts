import type { PDClient } from '../../pd/pd-client.ts';
import type { PDStore } from '../../pd/index.ts';

/**
 * Finds a store in the list, or asks PD when it is not listed: tombstones are not listed (PD API, stores).
 */
export async function findStore(
  stores: readonly PDStore[],
  storeId: number,
  read: { readonly pd: PDClient; readonly signal: AbortSignal },
): Promise<PDStore | null> {
  const listed = stores.find(({ id }) => id === storeId);
  return listed ?? (await read.pd.getStore(storeId, { signal: read.signal }));
}
