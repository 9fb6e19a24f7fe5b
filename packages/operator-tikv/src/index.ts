// Every line here is public API: adding one is a promise to the users of this package alone.
export { default } from './plugin.ts';
export { actions } from './actions/index.ts';
export { refusals } from './actions/checks/refusals.ts';
export { configSchema } from './config.ts';
export type { PrometheusConfig, TiKVConfig, TiKVTlsConfig } from './config.ts';
export type {
  ConfigItem,
  Member,
  RunningOperator,
  Scheduler,
  Schedulers,
} from './model/cluster.ts';
export type { HotRegion, HotRegions, HotStore } from './model/hot-regions.ts';
export type { ClusterMetrics, StoreMetrics } from './model/metrics.ts';
export type {
  RegionPage,
  RegionPeer,
  RegionQuery,
  RegionSelector,
  TiKVRegion,
} from './model/region.ts';
export type { StoreBasics, StoreEngine, TiKVStore } from './model/store.ts';
export { observations } from './observations/index.ts';
export { PD_ERROR_CODES, PDClient, PDError } from './pd/index.ts';
export type {
  PDCallOptions,
  PDChangeOptions,
  PDClientOptions,
  PDCluster,
  PDClusterStatus,
  PDConfig,
  PDDownPeer,
  PDErrorCode,
  PDErrorOptions,
  PDHotRegion,
  PDHotRegions,
  PDHotStore,
  PDHotStoreRegions,
  PDLabel,
  PDLabelConstraint,
  PDLabelProperties,
  PDMember,
  PDMemberHealth,
  PDMembers,
  PDPausedScheduler,
  PDOperator,
  PDOperatorRecord,
  PDOperatorState,
  PDOperatorStatus,
  PDPeer,
  PDPeerRole,
  PDRegion,
  PDRegionCheck,
  PDRegionEpoch,
  PDRegionFit,
  PDRegionRange,
  PDReplicationConfig,
  PDRule,
  PDRuleFit,
  PDRuleGroup,
  PDRuleRole,
  PDScheduleConfig,
  PDSchedulerStores,
  PDStatus,
  PDStore,
  PDStoreLimit,
  PDStoreRegionType,
  PDStoreRegionsOptions,
  PDStoreState,
  PDTopRegionKind,
} from './pd/index.ts';
export { PROMETHEUS_ERROR_CODES, PrometheusClient } from './prometheus/index.ts';
export type {
  PrometheusClientOptions,
  PrometheusCredentials,
  PrometheusErrorCode,
  QueryAnswer,
  Sample,
} from './prometheus/index.ts';
export { TIKV_ERROR_CODES } from './errors/tikv-errors.ts';
export type { TiKVSources } from './tikv-reader.ts';
export type { TiKVReads } from './contract/tikv-reads.ts';
export { TiKVSubject } from './tikv-subject.ts';
