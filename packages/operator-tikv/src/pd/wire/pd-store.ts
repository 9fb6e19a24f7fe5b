import { parseGoSize } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';

/** The states that PD gives a store (PD API, stores). `Down` and `Disconnected` are Up stores that are silent. */
export const PD_STORE_STATES = ['Up', 'Disconnected', 'Down', 'Offline', 'Tombstone'] as const;

/** See {@link PD_STORE_STATES}. */
export type PDStoreState = (typeof PD_STORE_STATES)[number];

/**
 * A TiKV or TiFlash store as PD sees it (PD API, stores). A PD leader that has just started shows every
 * `leaderCount` as 0 until the regions have reported, which takes up to a minute.
 */
export interface PDStore {
  readonly id: number;
  /** gRPC address, `host:port`. */
  readonly address: string;
  /** Address of the metrics, `host:port`; empty when the store did not report it. */
  readonly statusAddress: string;
  /** TiKV's version without `v`; empty when the store did not report it. */
  readonly version: string;
  /** `Disconnected` after 20 s of silence, `Down` after `max-store-down-time` (30 min). */
  readonly state: PDStoreState;
  readonly labels: Readonly<Record<string, string>>;
  /** Label `engine` is `tiflash` or `tiflash_compute`: never a leader target, not a TiKV store. */
  readonly isTiFlash: boolean;
  /**
   * Milliseconds since the epoch by the clock of the PD that took it; `null` when it has never sent a
   * heartbeat. An earlier PD leader may have taken it, see {@link isHeard}.
   */
  readonly lastHeartbeatMs: number | null;
  /**
   * Least age of that heartbeat when PD answered, by PD's clock, milliseconds: the answer has whole seconds.
   * `null` when it has no time, or one before the heartbeat. A proxy in front of PD may insert its own time.
   */
  readonly heartbeatAgeMs: number | null;
  /**
   * True when the present PD leader has had a heartbeat of the store. It loads the stores without their
   * statistics when it takes over (`LoadClusterInfo`), so a capacity of 0 means that none has come since;
   * `state` and `lastHeartbeatMs` are then from an earlier leader, up to five minutes old.
   */
  readonly isHeard: boolean;
  /** Bytes, of a text with four significant digits: up to 0.05 % off. `null` when the text cannot be read. */
  readonly capacityBytes: number | null;
  /** Free bytes, read like {@link capacityBytes}. */
  readonly availableBytes: number | null;
  /** Used bytes, read like {@link capacityBytes}. */
  readonly usedBytes: number | null;
  readonly leaderCount: number;
  /** Peers of regions on the store, leaders included. */
  readonly regionCount: number;
  readonly isBusy: boolean;
  /** True when a scheduler keeps leaders from coming in; PD before 26.3 does not report it. */
  readonly pausesLeadersIn: boolean;
  /** True when a scheduler keeps leaders from going out; PD before 26.3 does not report it. */
  readonly pausesLeadersOut: boolean;
}

/** The `Date` of an answer is up to this much older than the answer. */
const WHOLE_SECOND_MS = 1000;

/** Reads the answer of `GET /stores`, ascending by id. */
export function parseStores(body: JsonReader, answeredAtMs: number | null): readonly PDStore[] {
  return body
    .countedList('stores')
    .map((store) => parseStore(store, answeredAtMs))
    .toSorted((one, other) => one.id - other.id);
}

/** Reads the answer of `GET /store/{id}`. */
export function parseStore(body: JsonReader, answeredAtMs: number | null): PDStore {
  const store = body.field('store');
  const id = store.field('id').id();
  const status = body.field('status');
  const labels = parseLabels(store.field('labels'));
  const space = parseSpace(status);
  const lastHeartbeatMs = parseHeartbeat(store.field('last_heartbeat'));
  return {
    id,
    address: store.field('address').text(),
    statusAddress: store.field('status_address').text(''),
    version: store.field('version').text(''),
    state: parseState(store.field('state_name')),
    labels,
    isTiFlash: isTiFlashEngine(labels['engine']),
    lastHeartbeatMs,
    heartbeatAgeMs: toAge(lastHeartbeatMs, answeredAtMs),
    isHeard: space.capacityBytes !== 0,
    ...space,
    leaderCount: status.field('leader_count').count(),
    regionCount: status.field('region_count').count(),
    isBusy: status.field('is_busy').flag(false),
    pausesLeadersIn: status.field('pause_leader_transfer_in').flag(false),
    pausesLeadersOut: status.field('pause_leader_transfer_out').flag(false),
  };
}

/** The engine labels of TiFlash: with storage of its own, and of its compute nodes without. */
function isTiFlashEngine(engine: string | undefined): boolean {
  return engine === 'tiflash' || engine === 'tiflash_compute';
}

function parseState(body: JsonReader): PDStoreState {
  const name = body.text();
  return PD_STORE_STATES.find((state) => state === name) ?? body.fail('a state of a store');
}

function parseLabels(body: JsonReader): Record<string, string> {
  return Object.fromEntries(
    body.items().map((label) => [label.field('key').text(''), label.field('value').text('')]),
  );
}

function parseHeartbeat(body: JsonReader): number | null {
  const nanoseconds = body.isMissing ? '0' : body.bigInteger();
  return nanoseconds === '0' ? null : Number(BigInt(nanoseconds) / 1_000_000n);
}

function toAge(heartbeatMs: number | null, answeredAtMs: number | null): number | null {
  if (heartbeatMs === null || answeredAtMs === null) return null;
  const ageMs = answeredAtMs - heartbeatMs;
  return ageMs <= -WHOLE_SECOND_MS ? null : Math.max(0, ageMs);
}

function parseSpace(
  status: JsonReader,
): Pick<PDStore, 'capacityBytes' | 'availableBytes' | 'usedBytes'> {
  return {
    capacityBytes: parseGoSize(status.field('capacity').text()),
    availableBytes: parseGoSize(status.field('available').text()),
    usedBytes: parseGoSize(status.field('used_size').text()),
  };
}

/** A store id that is the key of a member. */
export function parseStoreId(key: string, member: JsonReader): number {
  return /^[1-9]\d{0,14}$/u.test(key) ? Number(key) : member.fail('under the id of a store');
}
