import type { Store } from './store.ts';

export const STORE_HEARTBEAT_MS = 10_000;
/** PD persists a store's heartbeat this often; a new PD leader knows only the persisted one. */
const PERSIST_MS = 300_000;

export const DISCONNECTED_AFTER_MS = 20_000;
export const UNHEALTHY_AFTER_MS = 600_000;

/** Knowledge of a PD leader about a store's heartbeats. */
export interface HeartbeatView {
  /** Model time of the last one, milliseconds; undefined when there was none. */
  readonly last: number | undefined;
  /** True when this leader itself has received one: without it the store's statistics are empty. */
  readonly heard: boolean;
}

/** Heartbeats are not events: the last one follows from the time, so a thousand stores cost nothing. */
export function heartbeatOf(store: Store, now: number, leaderSince: number): HeartbeatView {
  const last = lastBeat(store, now);
  if (last === undefined) return { last: undefined, heard: false };
  const heard = last >= leaderSince;
  if (store.beatingSince === undefined) return { last, heard };
  const isTimed = heard && !isBeingPersisted(store, { last, now, leaderSince });
  return { last: isTimed ? last : persistedBeat(store.beatingSince, leaderSince), heard };
}

/**
 * True when PD is still persisting the first heartbeat that its present leader has of the store: its statistics
 * are there at once, its time only afterwards.
 */
function isBeingPersisted(
  { beatingSince = 0, persistMs }: Store,
  beat: { readonly last: number; readonly now: number; readonly leaderSince: number },
): boolean {
  const { last, now, leaderSince } = beat;
  const isFirst = beatingSince < leaderSince && last - STORE_HEARTBEAT_MS < leaderSince;
  return isFirst && now - last < persistMs;
}

function lastBeat(store: Store, now: number): number | undefined {
  if (store.silence !== undefined) return store.silence.lastBeat;
  if (store.beatingSince === undefined || now < store.beatingSince) return undefined;
  return (
    store.beatingSince +
    Math.floor((now - store.beatingSince) / STORE_HEARTBEAT_MS) * STORE_HEARTBEAT_MS
  );
}

function persistedBeat(beatingSince: number, leaderSince: number): number {
  return (
    beatingSince + Math.max(0, Math.floor((leaderSince - beatingSince) / PERSIST_MS)) * PERSIST_MS
  );
}

/** Stops the heartbeats; everything else about the store stays as it is until PD notices. */
export function silence(store: Store, now: number): void {
  store.silence ??= { since: now, lastBeat: lastBeat(store, now) };
}

/** The store comes back and sends a heartbeat at once. */
export function wake(store: Store, now: number): void {
  if (store.silence === undefined) return;
  store.silence = undefined;
  store.beatingSince = now;
}

/** Milliseconds since the last heartbeat that PD knows of; infinite when there was none. */
export function silentFor(store: Store, now: number, leaderSince: number): number {
  const { last } = heartbeatOf(store, now, leaderSince);
  return last === undefined ? Infinity : now - last;
}
