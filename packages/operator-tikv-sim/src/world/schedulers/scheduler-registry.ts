import type { Clock } from '../cluster/clock.ts';
import type { Profile } from '../cluster/profile.ts';
import { PdRefusal } from '../cluster/refusal.ts';
import type { Topology } from '../cluster/topology.ts';
import {
  EVICT_LEADER,
  GRANT_LEADER,
  type StoreListScheduler,
  isStoreListScheduler,
} from './scheduler-names.ts';

export interface Pause {
  readonly at: number;
  readonly until: number;
}

/** The order in which a new leader's schedulers come back, for a moment one by one. */
const FIRST_LOADED = 'balance-hot-region-scheduler';
const LOADING_MS = 100;

/** PD's schedulers: what is persisted, and what the present leader runs. */
export class SchedulerRegistry {
  readonly #clock: Clock;
  readonly #topology: Topology;
  readonly #defaults: readonly string[];
  readonly #persisted: Set<string>;
  readonly #disabled = new Set<string>();
  readonly #persistedStores: Record<StoreListScheduler, Set<number>> = {
    [EVICT_LEADER]: new Set(),
    [GRANT_LEADER]: new Set(),
  };
  readonly #running = new Set<string>();
  readonly #stores: Record<StoreListScheduler, Set<number>> = {
    [EVICT_LEADER]: new Set(),
    [GRANT_LEADER]: new Set(),
  };
  readonly #pauses = new Map<string, Pause>();
  #loadedAt = -Infinity;
  #changed: () => void = () => undefined;
  evictBatch = 3;
  balanceLeaderBatch = 4;

  constructor(profile: Profile, clock: Clock, topology: Topology) {
    this.#clock = clock;
    this.#topology = topology;
    this.#defaults = profile.defaultSchedulers;
    this.#persisted = new Set(profile.defaultSchedulers);
    for (const name of this.#persisted) this.#running.add(name);
  }

  /** Calls back after anything changed that the schedulers act upon. */
  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  /** Names of the running schedulers, paused ones included. */
  names(): string[] {
    const all = [...this.#running];
    const isLoading = this.#clock.now() - this.#loadedAt < LOADING_MS;
    return isLoading ? all.filter((name) => name === FIRST_LOADED) : all;
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  disabled(): string[] {
    return [...this.#disabled];
  }

  pauseOf(name: string): Pause | undefined {
    const pause = this.#pauses.get(name);
    return pause !== undefined && this.#running.has(name) && pause.until > this.#clock.now()
      ? pause
      : undefined;
  }

  /** True when it works now. */
  isActive(name: string): boolean {
    return this.#running.has(name) && this.pauseOf(name) === undefined;
  }

  storesOf(name: StoreListScheduler): number[] {
    return this.#running.has(name) ? [...this.#stores[name]] : [];
  }

  /** The persisted configuration: what a new leader would load. */
  persistedNames(): string[] {
    return [...this.#persisted, ...this.#disabled];
  }

  persistedStoresOf(name: StoreListScheduler): number[] {
    return [...this.#persistedStores[name]];
  }

  isDisabled(name: string): boolean {
    return this.#disabled.has(name);
  }

  add(name: string): void {
    if (this.#running.has(name))
      throw new PdRefusal(500, '[PD:scheduler:ErrSchedulerExisted]scheduler existed');
    this.#running.add(name);
    this.#persisted.add(name);
    this.#disabled.delete(name);
    this.#changed();
  }

  /** Puts a store on a scheduler's list; a scheduler that does not run yet starts with this store alone, whatever was persisted. */
  addStore(name: StoreListScheduler, storeId: number): 'created' | 'applied' {
    const isNew = !this.#running.has(name);
    if (!isNew && this.#stores[name].has(storeId)) return 'applied';
    this.#pauseLeaderTransfer(name, storeId);
    if (isNew) this.#stores[name].clear();
    this.#stores[name].add(storeId);
    this.#persistedStores[name] = new Set(this.#stores[name]);
    if (isNew) this.add(name);
    this.#changed();
    return isNew ? 'created' : 'applied';
  }

  /** Takes a store from a scheduler's list; the last one ends the scheduler. */
  removeStore(name: StoreListScheduler, storeId: number): 'removed' | 'last' | 'absent' {
    if (!this.#stores[name].delete(storeId)) return 'absent';
    this.#resumeLeaderTransfer(name, storeId);
    this.#persistedStores[name] = new Set(this.#stores[name]);
    this.#changed();
    if (this.#stores[name].size > 0) return 'removed';
    this.#end(name);
    return 'last';
  }

  remove(name: string): boolean {
    if (!this.#running.has(name)) return false;
    if (isStoreListScheduler(name)) {
      for (const storeId of this.#stores[name]) this.#resumeLeaderTransfer(name, storeId);
      this.#stores[name].clear();
      this.#persistedStores[name].clear();
    }
    this.#end(name);
    return true;
  }

  /** Pauses for so many seconds; zero or less resumes. */
  pause(name: string, seconds: number): void {
    const names = name === 'all' ? [...this.#running] : [name];
    if (name !== 'all' && !this.#running.has(name)) {
      throw new PdRefusal(500, '[PD:scheduler:ErrSchedulerNotFound]scheduler not found');
    }
    const now = this.#clock.now();
    for (const each of names) {
      if (seconds > 0) this.#pauses.set(each, { at: now, until: now + seconds * 1000 });
      else this.#pauses.delete(each);
    }
    this.#changed();
  }

  /** A new PD leader runs nothing yet; pauses are gone for good. */
  forget(): void {
    this.#running.clear();
    this.#pauses.clear();
    for (const name of [EVICT_LEADER, GRANT_LEADER] as const) {
      for (const storeId of this.#stores[name]) this.#resumeLeaderTransfer(name, storeId);
      this.#stores[name].clear();
    }
  }

  /** The prepared leader starts what is persisted. */
  load(): void {
    this.#loadedAt = this.#clock.now();
    for (const name of this.#persisted) {
      this.#running.add(name);
      if (!isStoreListScheduler(name)) continue;
      for (const storeId of this.#persistedStores[name]) {
        this.#stores[name].add(storeId);
        this.#pauseLeaderTransfer(name, storeId);
      }
    }
    this.#changed();
  }

  #end(name: string): void {
    this.#running.delete(name);
    this.#pauses.delete(name);
    this.#persisted.delete(name);
    // PD remembers of its own schedulers that they are not wanted.
    if (this.#defaults.includes(name)) this.#disabled.add(name);
    this.#changed();
  }

  #pauseLeaderTransfer(name: string, storeId: number): void {
    const store = this.#topology.stores.get(storeId);
    if (store === undefined) return;
    if (store.pausedBy !== undefined && store.pausedBy !== name) {
      throw new PdRefusal(
        500,
        `[PD:core:ErrPauseLeaderTransfer]store ${storeId} is paused for leader transfer`,
      );
    }
    store.pausedBy = name;
  }

  #resumeLeaderTransfer(name: string, storeId: number): void {
    const store = this.#topology.stores.get(storeId);
    if (store?.pausedBy === name) store.pausedBy = undefined;
  }
}
