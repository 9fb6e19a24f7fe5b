import { isUnknown, unknownBecause } from 'operator-core';
import type { Fact, OrUnknown } from 'operator-core';
import type { PDStore } from '../../pd/index.ts';
import { LATE_HEARTBEAT_MS } from '../../reads/liveness.ts';
import { refuseWith } from './refusals.ts';

/** TiKV sends a heartbeat this often unless configured otherwise (PD API, stores). */
const INTERVAL_MS = 10_000;
/** Silence after which a store is taken for dead. PD itself shows it as Up for 20 s. */
const SILENCE_MS = 15_000;

/**
 * Least time since the last heartbeat of a store that this PD leader has heard from, by the clock of PD: from
 * the answer itself, and from the heartbeats that other stores have sent since. Unknown when neither has the
 * time.
 */
function silenceOf(store: PDStore, stores: readonly PDStore[]): OrUnknown<number> {
  const { lastHeartbeatMs } = store;
  if (lastHeartbeatMs === null) return unknownBecause('PD has never heard from the store');
  const newest = Math.max(...stores.map((other) => other.lastHeartbeatMs ?? 0));
  const behindOthers = Math.max(0, newest - lastHeartbeatMs);
  const doubt = whyTimeDoubtful(stores);
  if (doubt === null) return Math.max(behindOthers, store.heartbeatAgeMs ?? 0);
  return behindOthers > LATE_HEARTBEAT_MS ? behindOthers : unknownBecause(doubt);
}

/** Fact: the least age of the store's last heartbeat. */
export function silenceFact(store: PDStore, stores: readonly PDStore[]): Fact {
  const name = `store:${store.id} last heartbeat, least age`;
  return { name, value: silenceOf(store, stores), unit: 'milliseconds' };
}

/** Refuses a store that PD shows as Up and that has missed a heartbeat for some seconds. */
export function refuseSilence(store: PDStore, stores: readonly PDStore[]): void {
  const silenceMs = silenceOf(store, stores);
  if (isUnknown(silenceMs) || silenceMs <= SILENCE_MS) return;
  refuseWith(
    'STORE_SILENT',
    `Store ${store.id} is shown as Up but has sent no heartbeat for at least ${toSeconds(silenceMs)} s; one is due every ${toSeconds(INTERVAL_MS)} s.`,
    { storeId: String(store.id), silenceMs },
  );
}

/** Warns of a heartbeat that is late, and of one whose age is not known. */
export function warnOfSilence(store: PDStore, stores: readonly PDStore[]): readonly string[] {
  const silenceMs = silenceOf(store, stores);
  if (isUnknown(silenceMs)) {
    return [`It is unknown if store ${store.id} still answers: ${silenceMs.unknown}.`];
  }
  if (silenceMs <= LATE_HEARTBEAT_MS) return [];
  return [
    `The heartbeat of store ${store.id} is late: the last one is at least ${toSeconds(silenceMs)} s old, and one is due every ${toSeconds(INTERVAL_MS)} s. If the store is down, PD will wait for it in vain.`,
  ];
}

/**
 * Reason that the time of PD's answer does not measure heartbeats, as a clause; `null` when it does. The
 * heartbeats of some store come in time while PD's leader is in touch with TiKV.
 */
function whyTimeDoubtful(stores: readonly PDStore[]): string | null {
  const ages = stores.flatMap(({ isHeard, heartbeatAgeMs }) =>
    isHeard && heartbeatAgeMs !== null ? [heartbeatAgeMs] : [],
  );
  if (ages.length === 0) return "PD's answer tells no time to compare heartbeats with";
  const youngestMs = Math.min(...ages);
  if (youngestMs <= LATE_HEARTBEAT_MS) return null;
  return `by the time of PD's answer the youngest heartbeat of all stores is ${toSeconds(youngestMs)} s old: no store reports, or a proxy tells its own time`;
}

function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
