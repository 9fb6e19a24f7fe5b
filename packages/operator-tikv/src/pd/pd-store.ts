import { parseGoDuration, parseGoSize } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';

/** The states that PD gives a store (PD API, stores). `Down` and `Disconnected` are Up stores that are silent. */
export const PD_STORE_STATES = ['Up', 'Disconnected', 'Down', 'Offline', 'Tombstone'] as const;

/** See {@link PD_STORE_STATES}. */
export type PDStoreState = (typeof PD_STORE_STATES)[number];

/** How far a store is in its life (PD API, stores). */
export const PD_NODE_STATES = ['Preparing', 'Serving', 'Removing', 'Removed'] as const;

/** See {@link PD_NODE_STATES}. */
export type PDNodeState = (typeof PD_NODE_STATES)[number];

/**
 * A TiKV or TiFlash store as PD sees it (PD API, stores). A PD leader that has just started shows every
 * `leaderCount` as 0 until the regions have reported, which takes up to a minute.
 */
export interface PDStore {
  readonly id: number;
  /** gRPC address, `host:port`. */
  readonly address: string;
  /** Where metrics are scraped, `host:port`; empty when the store did not tell. */
  readonly statusAddress: string;
  /** TiKV's version without `v`; empty when the store did not tell. */
  readonly version: string;
  /** `Disconnected` after 20 s of silence, `Down` after `max-store-down-time` (30 min). */
  readonly state: PDStoreState;
  readonly nodeState: PDNodeState;
  readonly labels: Readonly<Record<string, string>>;
  /** Label `engine` is `tiflash`: never a leader target, not a TiKV store. */
  readonly isTiFlash: boolean;
  /** Milliseconds since the epoch; `null` when the store did not tell. */
  readonly startedAtMs: number | null;
  /** Milliseconds since the epoch; `null` when it has never sent a heartbeat. */
  readonly lastHeartbeatMs: number | null;
  /** The same in nanoseconds, exact, as decimal text. */
  readonly lastHeartbeatNs: string | null;
  readonly physicallyDestroyed: boolean;
  /** Bytes, of a text with four significant digits: up to 0.05 % off. `null` when the text cannot be read. */
  readonly capacityBytes: number | null;
  /** As {@link capacityBytes}. */
  readonly availableBytes: number | null;
  /** As {@link capacityBytes}. */
  readonly usedBytes: number | null;
  readonly leaderCount: number;
  readonly leaderWeight: number;
  readonly leaderScore: number;
  readonly leaderSizeMiB: number;
  /** Peers of regions on the store, leaders included. */
  readonly regionCount: number;
  readonly regionWeight: number;
  readonly regionScore: number;
  readonly regionSizeMiB: number;
  readonly learnerCount: number;
  readonly witnessCount: number;
  /** `null`: none, or a PD before 8.5 that does not tell. */
  readonly pendingPeerCount: number | null;
  /** 1 (quick) to 100; `null` when the store does not report one. */
  readonly slowScore: number | null;
  readonly sendingSnapshotCount: number;
  readonly receivingSnapshotCount: number;
  readonly isBusy: boolean;
  /** Milliseconds between the start and the last heartbeat; `null` when unknown. */
  readonly uptimeMs: number | null;
}

/** Reads the answer of `GET /stores`, ascending by id. */
export function parseStores(body: JsonReader): readonly PDStore[] {
  return body
    .field('stores')
    .list()
    .map(parseStore)
    .toSorted((one, other) => one.id - other.id);
}

/** Reads the answer of `GET /store/{id}`. */
export function parseStore(body: JsonReader): PDStore {
  const store = body.field('store');
  const status = body.field('status');
  const labels = parseLabels(store.field('labels'));
  return {
    id: store.field('id').count(),
    address: store.field('address').text(''),
    statusAddress: store.field('status_address').text(''),
    version: store.field('version').text(''),
    state: parseState(store.field('state_name')),
    nodeState: parseNodeState(store.field('node_state')),
    labels,
    isTiFlash: labels['engine'] === 'tiflash',
    ...parseTimes(store),
    physicallyDestroyed: store.field('physically_destroyed').flag(false),
    ...parseSpace(status),
    ...parseCounts(status),
    isBusy: status.field('is_busy').flag(false),
    uptimeMs: parseGoDuration(status.field('uptime').text('')),
  };
}

function parseState(body: JsonReader): PDStoreState {
  const name = body.text();
  return PD_STORE_STATES.find((state) => state === name) ?? body.fail('a state of a store');
}

function parseNodeState(body: JsonReader): PDNodeState {
  return PD_NODE_STATES[body.count(0)] ?? body.fail('a node state');
}

function parseLabels(body: JsonReader): Record<string, string> {
  return Object.fromEntries(
    body.items().map((label) => [label.field('key').text(''), label.field('value').text('')]),
  );
}

function parseTimes(
  store: JsonReader,
): Pick<PDStore, 'startedAtMs' | 'lastHeartbeatMs' | 'lastHeartbeatNs'> {
  const started = store.field('start_timestamp').integer(0);
  const heartbeat = store.field('last_heartbeat');
  const nanoseconds = heartbeat.isMissing ? '0' : heartbeat.bigInteger();
  const isKnown = nanoseconds !== '0';
  return {
    startedAtMs: started > 0 ? started * 1000 : null,
    lastHeartbeatMs: isKnown ? Number(BigInt(nanoseconds) / 1_000_000n) : null,
    lastHeartbeatNs: isKnown ? nanoseconds : null,
  };
}

function parseSpace(
  status: JsonReader,
): Pick<PDStore, 'capacityBytes' | 'availableBytes' | 'usedBytes'> {
  return {
    capacityBytes: parseGoSize(status.field('capacity').text('')),
    availableBytes: parseGoSize(status.field('available').text('')),
    usedBytes: parseGoSize(status.field('used_size').text('')),
  };
}

type Counts = Pick<
  PDStore,
  Extract<keyof PDStore, `${string}${'Count' | 'Weight' | 'Score' | 'SizeMiB'}`>
>;

function parseCounts(status: JsonReader): Counts {
  const pending = status.field('pending_peer_count');
  const slow = status.field('slow_score');
  return {
    leaderCount: status.field('leader_count').count(),
    leaderWeight: status.field('leader_weight').number(0),
    leaderScore: status.field('leader_score').number(0),
    leaderSizeMiB: status.field('leader_size').number(0),
    regionCount: status.field('region_count').count(),
    regionWeight: status.field('region_weight').number(0),
    regionScore: status.field('region_score').number(0),
    regionSizeMiB: status.field('region_size').number(0),
    learnerCount: status.field('learner_count').count(0),
    witnessCount: status.field('witness_count').count(0),
    pendingPeerCount: pending.isMissing ? null : pending.count(),
    slowScore: slow.isMissing ? null : slow.number(),
    sendingSnapshotCount: status.field('sending_snap_count').count(0),
    receivingSnapshotCount: status.field('receiving_snap_count').count(0),
  };
}

/** A store id that is the key of a member. */
export function parseStoreId(key: string, member: JsonReader): number {
  return /^\d{1,15}$/u.test(key) ? Number(key) : member.fail('under the id of a store');
}
