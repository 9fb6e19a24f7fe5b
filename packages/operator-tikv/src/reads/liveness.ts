import type { PDStore } from '../pd/index.ts';

/**
 * So long silent, a store was silent under the PD leader before as well: heartbeats are persisted every
 * five minutes (`storePersistInterval`), and after ten PD itself calls a store unhealthy.
 */
const LONG_SILENCE_MS = 600_000;

/**
 * The reason why PD's word on a store's connection is no news, or `null` when it is.
 *
 * A PD leader that takes over knows of each store when an earlier leader last wrote down a heartbeat of it, up to
 * five minutes before, and shows the store as Disconnected or Up by that. Stores send a heartbeat every 10 s:
 * only after one has come does the word mean anything (PD API, stores). A store from which none comes is
 * believed to be silent when its last heartbeat is {@link LONG_SILENCE_MS} older than the newest that came.
 */
export function whyStateUnknown(store: PDStore, stores: readonly PDStore[]): string | null {
  const isConnection = store.state !== 'Offline' && store.state !== 'Tombstone';
  if (store.isHeard || !isConnection || store.lastHeartbeatMs === null) return null;
  if (newestHeartbeatMs(stores) - store.lastHeartbeatMs > LONG_SILENCE_MS) return null;
  return `the PD leader has not heard from the store since it took over; PD shows it as ${store.state} by what an earlier leader had heard`;
}

/** Whether the store is shown as silent, and only since so lately that its first heartbeat may just be coming in. */
export function isPerhapsHalfHeard(store: PDStore, stores: readonly PDStore[]): boolean {
  if (!store.isHeard || store.lastHeartbeatMs === null) return false;
  const isSilent = store.state === 'Disconnected' || store.state === 'Down';
  return isSilent && newestHeartbeatMs(stores) - store.lastHeartbeatMs <= LONG_SILENCE_MS;
}

/** The stores whose connection is not known, as {@link whyStateUnknown} says. */
export function findUnheard(stores: readonly PDStore[]): readonly PDStore[] {
  return stores.filter((store) => whyStateUnknown(store, stores) !== null);
}

/** When the PD leader has last had a heartbeat of any store: the least that its clock shows. */
function newestHeartbeatMs(stores: readonly PDStore[]): number {
  const heard = stores.filter(({ isHeard }) => isHeard);
  return Math.max(...heard.map(({ lastHeartbeatMs }) => lastHeartbeatMs ?? -Infinity));
}
