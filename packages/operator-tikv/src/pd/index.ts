export { PDClient } from './pd-client.ts';
export type { PDClientOptions, PDMemory, PDStoreRegionsOptions } from './pd-client-options.ts';
export type { PDCallOptions } from './connection.ts';
export { LARGEST_REGION_PAGE } from './read-regions.ts';
export type { PDRegionRange } from './read-regions.ts';
export { PD_ERROR_CODES, PDError } from './pd-error.ts';
export type { PDErrorCode, PDErrorOptions } from './pd-error.ts';
export type { PDMember, PDMembers } from './pd-members.ts';
export { PD_STORE_STATES } from './pd-store.ts';
export type { PDStore, PDStoreState } from './pd-store.ts';
export {
  PD_PEER_ROLES,
  PD_REGION_CHECKS,
  PD_STORE_REGION_TYPES,
  PD_TOP_REGION_KINDS,
} from './pd-region.ts';
export type {
  PDDownPeer,
  PDPeer,
  PDPeerRole,
  PDRegion,
  PDRegionCheck,
  PDRegionEpoch,
  PDStoreRegionType,
  PDTopRegionKind,
} from './pd-region.ts';
export { PD_OPERATOR_STATUSES } from './pd-operator.ts';
export type {
  PDOperator,
  PDOperatorRecord,
  PDOperatorState,
  PDOperatorStatus,
} from './pd-operator.ts';
export type { PDHotRegion, PDHotRegions, PDHotStore, PDHotStoreRegions } from './pd-hot.ts';
export type { PDConfig, PDReplicationConfig, PDScheduleConfig } from './pd-config.ts';
export type { PDPausedScheduler, PDSchedulerStores } from './pd-schedulers.ts';
export { PD_RULE_ROLES } from './pd-placement.ts';
export type {
  PDLabel,
  PDLabelConstraint,
  PDLabelProperties,
  PDRegionFit,
  PDRule,
  PDRuleFit,
  PDRuleGroup,
  PDRuleRole,
  PDStoreLimit,
} from './pd-placement.ts';
export { describeQuorum } from './quorum.ts';
export type { PDQuorum } from './pd-quorum.ts';
export type { PDCluster, PDClusterStatus, PDMemberHealth, PDStatus } from './pd-health.ts';
export {
  addEvictLeaderRequest,
  cancelOperatorRequest,
  PD_API,
  removeEvictLeaderRequest,
  setScheduleConfigRequest,
  transferLeaderRequest,
  transferPeerRequest,
} from './requests.ts';
export type { PDScheduleChange, PeerMove } from './requests.ts';
export { isIrreplaceable, transferLeaderOperator, transferPeerOperator } from './operator-names.ts';
export type { PDOperatorName } from './operator-names.ts';
export {
  BALANCE_LEADER_SCHEDULER,
  EVICT_LEADER_SCHEDULER,
  GRANT_LEADER_SCHEDULER,
  isOfType,
  schedulerName,
} from './scheduler-names.ts';
