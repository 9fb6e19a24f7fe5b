import type { Region } from './region.ts';

export interface Label {
  readonly key: string;
  readonly value: string;
}

/** Counts of a store by the region heartbeats that PD has seen. */
export interface StoreCounts {
  leaders: number;
  leaderSize: number;
  regions: number;
  regionSize: number;
  learners: number;
  pending: number;
}

export const NODE_STATES = ['Preparing', 'Serving', 'Removing', 'Removed'] as const;

/** One TiKV or TiFlash store. */
export interface Store {
  readonly id: number;
  readonly address: string;
  readonly statusAddress: string;
  readonly capacityBytes: number;
  /** Bytes of its disk that other programs use. */
  foreignBytes: number;
  /** Model time of its start, milliseconds. */
  readonly startedAt: number;
  state: 'Up' | 'Offline' | 'Tombstone';
  nodeState: (typeof NODE_STATES)[number];
  physicallyDestroyed: boolean;
  labels: readonly Label[];
  busy: boolean;
  /** Model time since which it is Offline. */
  leavingSince: number | undefined;
  leaderWeight: number;
  regionWeight: number;
  /** Model time from which the checkers may send it another replica. */
  receivesFrom: number;
  limits: { addPeer: number; removePeer: number };
  /** Model time of the first heartbeat of the present row of heartbeats; undefined before the first one ever. */
  beatingSince: number | undefined;
  /** Model time since which the store is silent, and its last heartbeat before that. */
  silence: { readonly since: number; readonly lastBeat: number | undefined } | undefined;
  /** Milliseconds that PD needs to persist the store at the first heartbeat that a leader has of it. */
  persistMs: number;
  /** Scheduler that keeps leaders from moving in: PD allows only one a store. */
  pausedBy: string | undefined;
  counts: StoreCounts;
  /** True content of its regions. */
  dataMiB: number;
  /** Counts at the moment the region index froze. */
  frozenCounts: StoreCounts | undefined;
  /** Regions led from here, in truth. */
  readonly leading: Set<Region>;
  /** Regions with a replica here, in truth. */
  readonly hosting: Set<Region>;
}

export function noCounts(): StoreCounts {
  return { leaders: 0, leaderSize: 0, regions: 0, regionSize: 0, learners: 0, pending: 0 };
}

export function isTiFlash(store: Store): boolean {
  return store.labels.some((label) => label.key === 'engine' && label.value === 'tiflash');
}
