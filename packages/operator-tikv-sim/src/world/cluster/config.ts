import tree65 from '../../config/tree-6.5.json' with { type: 'json' };
import tree85 from '../../config/tree-8.5.json' with { type: 'json' };
import { parseGoDuration } from '../../text/go-time.ts';
import type { JsonValue } from '../../text/json-value.ts';
import type { Clock } from './clock.ts';
import type { Profile } from './profile.ts';

/** One changeable section of PD's configuration, in PD's order of keys. */
export type ConfigSection = Map<string, JsonValue>;

/** PD shows this item only while it is true. */
export const HALT_SCHEDULING = 'halt-scheduling';

interface Override {
  readonly value: JsonValue;
  readonly until: number;
}

/** PD's configuration: what was persisted, plus values that expire. */
export class Config {
  readonly schedule: ConfigSection;
  readonly replication: ConfigSection;
  readonly pdServer: ConfigSection;
  readonly schedulersPayload: JsonValue;
  readonly tree: Readonly<Record<string, JsonValue>>;
  readonly #clock: Clock;
  readonly #overrides = new Map<string, Override>();

  constructor(profile: Profile, clock: Clock, replicas: number) {
    this.#clock = clock;
    const tree = profile.isModern ? tree85 : tree65;
    this.tree = tree;
    const schedule: Readonly<Record<string, JsonValue>> = tree.schedule;
    this.schedulersPayload = schedule['schedulers-payload'] ?? null;
    this.schedule = new Map(Object.entries(schedule));
    if (!profile.isModern) this.schedule.set('schedulers-payload', null);
    this.replication = new Map(Object.entries({ ...tree.replication, 'max-replicas': replicas }));
    this.pdServer = new Map(Object.entries(tree['pd-server']));
  }

  /** The schedule value that is in force: one that expires goes before the persisted one. */
  scheduleValue(key: string): JsonValue | undefined {
    const override = this.#overrides.get(key);
    return override !== undefined && override.until > this.#clock.now()
      ? override.value
      : this.schedule.get(key);
  }

  override(key: string, value: JsonValue, seconds: number): void {
    if (seconds <= 0) this.#overrides.delete(key);
    else this.#overrides.set(key, { value, until: this.#clock.now() + seconds * 1000 });
  }

  hasOverride(key: string): boolean {
    return (this.#overrides.get(key)?.until ?? 0) > this.#clock.now();
  }

  /** True when PD is told to schedule nothing. */
  isHalted(): boolean {
    return this.scheduleValue(HALT_SCHEDULING) === 'true';
  }

  leaderScheduleLimit(): number {
    return this.#number('leader-schedule-limit');
  }

  replicaScheduleLimit(): number {
    return this.#number('replica-schedule-limit');
  }

  maxReplicas(): number {
    const value = this.replication.get('max-replicas');
    return typeof value === 'number' ? value : 3;
  }

  /** Milliseconds of silence after which a store is Down. */
  maxStoreDownMs(): number {
    const value = this.scheduleValue('max-store-down-time');
    const parsed = typeof value === 'string' ? parseGoDuration(value) : undefined;
    return parsed === undefined ? 1_800_000 : Number(parsed / 1_000_000n);
  }

  #number(key: string): number {
    const value = this.scheduleValue(key);
    return typeof value === 'number' ? value : 0;
  }
}
