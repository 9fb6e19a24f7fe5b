import type { PDStore } from '../pd/index.ts';

/**
 * A store silent for this long was silent under the previous PD leader as well: heartbeats are persisted every
 * five minutes (`storePersistInterval`), and after ten PD itself calls a store unhealthy.
 */
const LONG_SILENCE_MS = 600_000;

/**
 * Reason that PD's state of a store's connection may be outdated; `null` when it is current.
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

/** Age at which a heartbeat is late: TiKV sends one every 10 s, which is a moment on its way. */
export const LATE_HEARTBEAT_MS = 11_000;

/** True when the store shows as silent so recently that its first heartbeat may just be arriving. */
export function mayHavePartialHeartbeat(store: PDStore, stores: readonly PDStore[]): boolean {
  if (!store.isHeard || store.lastHeartbeatMs === null) return false;
  const behindMs = newestHeartbeatMs(stores) - store.lastHeartbeatMs;
  const isSilent = store.state === 'Disconnected' || store.state === 'Down';
  const isLate = store.state === 'Up' && behindMs > LATE_HEARTBEAT_MS;
  return (isSilent || isLate) && behindMs <= LONG_SILENCE_MS;
}

/** Stores of unknown connection, by {@link whyStateUnknown}. */
export function findUnheard(stores: readonly PDStore[]): readonly PDStore[] {
  return stores.filter((store) => whyStateUnknown(store, stores) !== null);
}

/** Time of the last heartbeat of any store at the PD leader: a lower bound of its clock. */
function newestHeartbeatMs(stores: readonly PDStore[]): number {
  const heard = stores.filter(({ isHeard }) => isHeard);
  return Math.max(...heard.map(({ lastHeartbeatMs }) => lastHeartbeatMs ?? -Infinity));
}
