import type { Connection, PDCallOptions } from '../http/connection.ts';
import type { EndpointList } from '../http/endpoint-list.ts';
import { parseEndpoint } from '../http/endpoint-url.ts';
import type { Identity } from './identity.ts';
import type { PDStoreRegionsOptions } from '../http/pd-client-options.ts';
import type { PDConfig, PDReplicationConfig, PDScheduleConfig } from '../wire/pd-config.ts';
import type * as health from '../wire/pd-health.ts';
import type { PDHotRegions, PDHotStore } from '../wire/pd-hot.ts';
import type { PDMembers } from '../wire/pd-members.ts';
import type { PDOperator, PDOperatorRecord, PDOperatorState } from '../wire/pd-operator.ts';
import type { PDRegionFit, PDRuleGroup, PDStoreLimit } from '../wire/pd-placement.ts';
import type { PDRegion, PDRegionCheck, PDTopRegionKind } from '../wire/pd-region.ts';
import type { PDPausedScheduler, PDSchedulerStores } from '../wire/pd-schedulers.ts';
import type { PDStore } from '../wire/pd-store.ts';
import type { PDQuorum } from '../wire/pd-quorum.ts';
import { probe } from './probe.ts';
import { readQuorum } from './quorum.ts';
import * as placement from './read-placement.ts';
import type { PDRegionRange } from './read-regions.ts';
import * as regions from './read-regions.ts';
import type { ReadSpec } from './read-spec.ts';
import * as reads from './reads.ts';
import type { Transport } from './transport.ts';

/** Parts of a client. */
export interface PDClientParts {
  readonly connection: Connection;
  readonly endpoints: EndpointList;
  readonly identity: Identity;
  readonly transport: Transport;
}

/** The reading half of `PDClient`: everything that changes nothing. */
export class PDReader {
  readonly #parts: PDClientParts;
  readonly #endpoints: EndpointList;
  readonly #transport: Transport;

  constructor(parts: PDClientParts) {
    this.#parts = parts;
    this.#endpoints = parts.endpoints;
    this.#transport = parts.transport;
  }

  /** Origins of the configured endpoints and of those that the members reported. Sends nothing. */
  get endpoints(): readonly string[] {
    return this.#endpoints.inOrder(performance.now()).map(({ origin }) => origin);
  }

  /** Cluster id, members and leader in one request; later requests go to these members. */
  getMembers(options?: PDCallOptions): Promise<PDMembers> {
    return this.#transport.readMembers(options ?? {});
  }

  /** Origin of the leader in the last answer of the members; `null` while it is not known. */
  async getLeaderEndpoint(options?: PDCallOptions): Promise<string | null> {
    await this.getMembers(options);
    return this.#endpoints.leader;
  }

  /** The cluster's id. */
  getCluster(options?: PDCallOptions): Promise<health.PDCluster> {
    return this.#read(reads.clusterSpec, options);
  }

  /** True when a store has ever joined. */
  getClusterStatus(options?: PDCallOptions): Promise<health.PDClusterStatus> {
    return this.#read(reads.clusterStatusSpec, options);
  }

  /** True when the members reach each other. */
  getHealth(options?: PDCallOptions): Promise<readonly health.PDMemberHealth[]> {
    return this.#read(reads.healthSpec, options);
  }

  /** Reads which members answer, without a leader; `null` when no member reports it. */
  getQuorum(options?: PDCallOptions): Promise<PDQuorum | null> {
    return readQuorum(this.#parts, options ?? {});
  }

  /** The intended cluster: configured, remembered, or found; `null` while it is not known. Sends nothing. */
  get clusterId(): string | null {
    return this.#parts.identity.clusterId;
  }

  /** True when the options name the cluster. */
  get isPinned(): boolean {
    return this.#parts.identity.isPinned;
  }

  /** Origins of the configured endpoints. Asks nothing. */
  get configuredEndpoints(): readonly string[] {
    return this.#endpoints.configured.map(({ origin }) => origin);
  }

  /**
   * Asks every known endpoint for its cluster. Returns the origins of those in the intended cluster, sorted, at least one.
   * While there is none, it waits as every read does; then it throws the reasons.
   */
  getProvenEndpoints(options?: PDCallOptions): Promise<readonly string[]> {
    return this.#transport.readProven(options ?? {});
  }

  /** Asks one server about itself, once, independent of the others. Throws `PD_ENDPOINT_INVALID`. */
  async getStatus(endpoint: string, options?: PDCallOptions): Promise<health.PDStatus> {
    return await probe(this.#parts, parseEndpoint(endpoint), options ?? {});
  }

  /** All stores but tombstones, ascending by id. Its cost grows with stores, never with regions. */
  getStores(options?: PDCallOptions): Promise<readonly PDStore[]> {
    return this.#read(reads.storesSpec, options);
  }

  /** A store, tombstones too; `null` when PD does not know it. */
  async getStore(storeId: number, options?: PDCallOptions): Promise<PDStore | null> {
    return await this.#read(reads.storeSpec(storeId), options);
  }

  /** A region; `null` when PD does not know it. */
  async getRegion(regionId: number, options?: PDCallOptions): Promise<PDRegion | null> {
    return await this.#read(regions.regionSpec(regionId), options);
  }

  /** The region that contains a key (hex, as PD prints keys); `null` when PD knows none. */
  async getRegionByKey(hexKey: string, options?: PDCallOptions): Promise<PDRegion | null> {
    return await this.#read(regions.regionByKeySpec(hexKey), options);
  }

  /** A page of regions in the order of their keys. The next page starts at the last one's `endKey`. */
  async getRegionsByKey(
    range: PDRegionRange,
    options?: PDCallOptions,
  ): Promise<readonly PDRegion[]> {
    return await this.#read(regions.regionsByKeySpec(range), options);
  }

  /** All regions that have a peer on the store, or a peer of the type. PD has no pages here. */
  async getRegionsOfStore(
    storeId: number,
    options?: PDStoreRegionsOptions,
  ): Promise<readonly PDRegion[]> {
    return await this.#read(regions.regionsOfStoreSpec(storeId, options?.type), options);
  }

  /** Number of regions. */
  getRegionCount(options?: PDCallOptions): Promise<number> {
    return this.#read(regions.regionCountSpec, options);
  }

  /** The first regions by size, flow, …, descending. PD looks at all regions for it. Limit 1 to 1,024. */
  async getTopRegions(
    kind: PDTopRegionKind,
    limit: number,
    options?: PDCallOptions,
  ): Promise<readonly PDRegion[]> {
    return await this.#read(regions.topRegionsSpec(kind, limit), options);
  }

  /** Regions that need a repair. Empty after a PD leader has started, until regions have reported. */
  async getRegionCheck(kind: PDRegionCheck, options?: PDCallOptions): Promise<readonly PDRegion[]> {
    return await this.#read(regions.regionCheckSpec(kind), options);
  }

  /** Hot regions by store; `null` when the PD leader has no running cluster yet (6.5). */
  async getHotRegions(
    direction: 'read' | 'write',
    options?: PDCallOptions,
  ): Promise<PDHotRegions | null> {
    return await this.#read(reads.hotRegionsSpec(direction), options);
  }

  /** Flow by store, ascending by id. */
  getHotStores(options?: PDCallOptions): Promise<readonly PDHotStore[]> {
    return this.#read(reads.hotStoresSpec, options);
  }

  /** All running operators, in no order. */
  getOperators(options?: PDCallOptions): Promise<readonly PDOperator[]> {
    return this.#read(reads.operatorsSpec, options);
  }

  /** The region's running operator, else the record of its last one (10 minutes); `null` when there is none. */
  async getOperator(regionId: number, options?: PDCallOptions): Promise<PDOperatorState | null> {
    return await this.#read(reads.operatorSpec(regionId), options);
  }

  /** Operators that ended at or after a time in seconds since the epoch, at most 10 minutes ago. */
  async getOperatorRecords(
    fromSeconds: number,
    options?: PDCallOptions,
  ): Promise<readonly PDOperatorRecord[]> {
    return await this.#read(reads.operatorRecordsSpec(fromSeconds), options);
  }

  /** Names of the enabled schedulers, paused ones too. Empty after a PD leader has started. */
  getSchedulers(options?: PDCallOptions): Promise<readonly string[]> {
    return this.#read(reads.schedulersSpec, options);
  }

  /** The paused schedulers. */
  getPausedSchedulers(options?: PDCallOptions): Promise<readonly PDPausedScheduler[]> {
    return this.#read(reads.pausedSchedulersSpec, options);
  }

  /** Stores whose leaders are evicted; `null` when the scheduler is absent, which proves nothing after a PD leader has started. */
  getEvictLeaderStores(options?: PDCallOptions): Promise<PDSchedulerStores | null> {
    return this.#read(reads.evictLeadersSpec, options);
  }

  /** Stores to which leaders are moved; `null` when the scheduler is absent. */
  getGrantLeaderStores(options?: PDCallOptions): Promise<PDSchedulerStores | null> {
    return this.#read(reads.grantLeadersSpec, options);
  }

  /** The whole configuration. */
  getConfig(options?: PDCallOptions): Promise<PDConfig> {
    return this.#read(reads.configSpec, options);
  }

  /** Configuration of scheduling. */
  getScheduleConfig(options?: PDCallOptions): Promise<PDScheduleConfig> {
    return this.#read(reads.scheduleConfigSpec, options);
  }

  /** Configuration of replication. */
  getReplicationConfig(options?: PDCallOptions): Promise<PDReplicationConfig> {
    return this.#read(reads.replicationConfigSpec, options);
  }

  /** Placement rules by group, in the order in which they apply; `null` while they are off. */
  getRuleGroups(options?: PDCallOptions): Promise<readonly PDRuleGroup[] | null> {
    return this.#read(placement.ruleGroupsSpec, options);
  }

  /** Fit of a region to its placement rules; `null` while they are off. */
  async getRegionFit(regionId: number, options?: PDCallOptions): Promise<PDRegionFit | null> {
    return await this.#read(placement.regionFitSpec(regionId), options);
  }

  /** Store limits by store; `null` where PD uses the second version of them. */
  getStoreLimits(options?: PDCallOptions): Promise<ReadonlyMap<number, PDStoreLimit> | null> {
    return this.#read(placement.storeLimitsSpec, options);
  }

  #read<Value>(spec: ReadSpec<Value>, options?: PDCallOptions): Promise<Value> {
    return this.#transport.read(spec, options ?? {});
  }
}
