import type { CallOptions, SystemIdentity } from 'operator-core';
import type { ConfigItem, Member, RunningOperators, Schedulers } from './model/cluster.ts';
import type { HotRegions } from './model/hot-regions.ts';
import type { ClusterMetrics, StoreMetrics } from './model/metrics.ts';
import type { RegionPage, RegionQuery, RegionSelector, TiKVRegion } from './model/region.ts';
import type { TiKVStore } from './model/store.ts';
import type { PDClient } from './pd/index.ts';
import type { PrometheusClient } from './prometheus/prometheus-client.ts';
import { readClusterMetrics } from './reads/cluster-metrics.ts';
import { readConfig } from './reads/config.ts';
import { readHotRegions } from './reads/hot-regions.ts';
import { identifyCluster } from './reads/identity.ts';
import { readMembers } from './reads/members.ts';
import { readOperators } from './reads/operators.ts';
import { readRegion, readRegions } from './reads/regions.ts';
import { readSchedulers } from './reads/schedulers.ts';
import { measureStores } from './reads/store-metrics.ts';
import type { MetricsSources } from './reads/store-metrics.ts';
import { readStore, readStores } from './reads/stores.ts';
import type { TiKVReads } from './contract/tikv-reads.ts';

/** A plan and its re-check so soon after it are one conversation with one cluster, which is asked once. */
const SAME_CONVERSATION_MS = 5000;

/** Sources of a {@link TiKVReader}. */
export interface TiKVSources {
  readonly pd: PDClient;
  /** Default: latency, request rates and CPU are unknown. */
  readonly prometheus?: PrometheusClient | undefined;
}

/** The reading half of the subject. Constructing it does no I/O. */
export class TiKVReader implements TiKVReads {
  readonly #sources: MetricsSources;
  #identified: { readonly identity: SystemIdentity; readonly at: number } | null = null;

  constructor({ pd, prometheus }: TiKVSources) {
    this.#sources = { pd, prometheus: prometheus ?? null };
  }

  get pd(): PDClient {
    return this.#sources.pd;
  }

  async identify(options: CallOptions = {}): Promise<SystemIdentity> {
    const known = this.#identified;
    if (known !== null && performance.now() - known.at < SAME_CONVERSATION_MS) {
      return known.identity;
    }
    const identity = await identifyCluster(this.pd, options);
    this.#identified = { identity, at: performance.now() };
    return identity;
  }

  getStores(options: CallOptions = {}): Promise<readonly TiKVStore[]> {
    return readStores(this.pd, options);
  }

  getStore(storeId: string, options: CallOptions = {}): Promise<TiKVStore> {
    return readStore(this.pd, storeId, options);
  }

  getRegion(selector: RegionSelector, options: CallOptions = {}): Promise<TiKVRegion> {
    return readRegion(this.pd, selector, options);
  }

  getRegions(query: RegionQuery = {}, options: CallOptions = {}): Promise<RegionPage> {
    return readRegions(this.pd, query, options);
  }

  getHotWriteRegions(options: CallOptions = {}): Promise<HotRegions> {
    return readHotRegions(this.pd, 'write', options);
  }

  getHotReadRegions(options: CallOptions = {}): Promise<HotRegions> {
    return readHotRegions(this.pd, 'read', options);
  }

  async getStoreMetrics(options: CallOptions = {}): Promise<readonly StoreMetrics[]> {
    return (await measureStores(this.#sources, options)).metrics;
  }

  getClusterMetrics(options: CallOptions = {}): Promise<ClusterMetrics> {
    return readClusterMetrics(this.#sources, options);
  }

  getOperators(options: CallOptions = {}): Promise<RunningOperators> {
    return readOperators(this.pd, options);
  }

  getSchedulers(options: CallOptions = {}): Promise<Schedulers> {
    return readSchedulers(this.pd, options);
  }

  getMembers(options: CallOptions = {}): Promise<readonly Member[]> {
    return readMembers(this.pd, options);
  }

  getConfig(options: CallOptions = {}): Promise<readonly ConfigItem[]> {
    return readConfig(this.pd, options);
  }
}
