import type { ProfileVersion } from './world/cluster/profile.ts';

/** Options of the simulation. Each has a default. */
export interface TikvSimOptions {
  /** TiKV stores; 5. */
  readonly stores?: number;
  /** Regions; 100. */
  readonly regions?: number;
  /** Replicas of each region; 3. */
  readonly replicas?: number;
  /** PD's release line: '8.5' speaks as 8.5.7, '6.5' as 6.5.12. */
  readonly version?: ProfileVersion;
  /** The same seed gives the same cluster and choices; 1. */
  readonly seed?: number;
  /** 'instant' (default): the model's clock moves by `stepMs` at each request and by hand. 'real': with the wall clock. */
  readonly time?: 'instant' | 'real';
  /** Instant time: model milliseconds per request; 100. */
  readonly stepMs?: number;
  /** Real time: model seconds per wall second; 1. */
  readonly speed?: number;
  /** Model time at the start, milliseconds since the Unix epoch; now. */
  readonly startAt?: number;
  /** PD members; 1. */
  readonly members?: number;
  /** Port of the first member, further ones follow; 0 takes free ones. */
  readonly port?: number;
  /** Additional stores with the label engine=tiflash, which hold learners only; 0. */
  readonly tiflashStores?: number;
  /** Size of each region in MiB; 96. */
  readonly regionSizeMiB?: number;
  /** All schedulers start paused (for two hours); false. */
  readonly schedulersPaused?: boolean;
  /** False: PD before TiKV has started; true. */
  readonly bootstrapped?: boolean;
  /** 8.5 splits its first and last region at the keyspace boundaries right after its start; false. */
  readonly keyspaceSplit?: boolean;
  /** Time in which all regions report to a PD leader without memory, milliseconds; 60 000. */
  readonly regionHeartbeatMs?: number;
  /** True (default): each region reports at its own moment. False: all at the end of that time. */
  readonly spreadHeartbeats?: boolean;
  /** Silence after which a replica is reported down, milliseconds; 600 000. */
  readonly downPeerAfterMs?: number;
  /** Also opens the control API on a port of its own; false. */
  readonly control?: boolean;
}

export type CompleteOptions = Required<TikvSimOptions>;

const DEFAULTS: Omit<CompleteOptions, 'startAt'> = {
  stores: 5,
  regions: 100,
  replicas: 3,
  version: '8.5',
  seed: 1,
  time: 'instant',
  stepMs: 100,
  speed: 1,
  members: 1,
  port: 0,
  tiflashStores: 0,
  regionSizeMiB: 96,
  schedulersPaused: false,
  bootstrapped: true,
  keyspaceSplit: false,
  regionHeartbeatMs: 60_000,
  spreadHeartbeats: true,
  downPeerAfterMs: 600_000,
  control: false,
};

/** Largest number of regions: the keys have room for so many rows. */
const MAX_REGIONS = 16_000_000;

/** Fills in the defaults; a number that makes no cluster throws a RangeError. */
export function completeOptions(options: TikvSimOptions): CompleteOptions {
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const complete: CompleteOptions = { ...DEFAULTS, startAt: Date.now(), ...given };
  requireBetween('stores', complete.stores, [1, 100_000]);
  requireBetween('regions', complete.regions, [1, MAX_REGIONS]);
  requireBetween('replicas', complete.replicas, [1, complete.stores]);
  requireBetween('members', complete.members, [1, 9]);
  requireBetween('tiflashStores', complete.tiflashStores, [0, 1_000]);
  if (!(complete.speed > 0)) throw new RangeError(`speed must be above 0, not ${complete.speed}`);
  return complete;
}

function requireBetween(
  name: string,
  value: number,
  [least, most]: readonly [number, number],
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be an integer from ${least} to ${most}, not ${value}`);
}
