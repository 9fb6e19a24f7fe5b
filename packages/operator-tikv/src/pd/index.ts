export { PDClient } from './pd-client.ts';
export type { PDClientOptions, PDMemory, PDStoreRegionsOptions } from './http/pd-client-options.ts';
export type { PDCallOptions, PDChangeOptions } from './http/connection.ts';
export { LARGEST_REGION_PAGE } from './read/read-regions.ts';
export type { PDRegionRange } from './read/read-regions.ts';
export { PD_ERROR_CODES, PDError } from './wire/pd-error.ts';
export type { PDErrorCode, PDErrorOptions } from './wire/pd-error.ts';
export type { PDMember, PDMembers } from './wire/pd-members.ts';
export { PD_STORE_STATES } from './wire/pd-store.ts';
export type { PDStore, PDStoreState } from './wire/pd-store.ts';
export {
  PD_PEER_ROLES,
  PD_REGION_CHECKS,
  PD_STORE_REGION_TYPES,
  PD_TOP_REGION_KINDS,
} from './wire/pd-region.ts';
export type {
  PDDownPeer,
  PDPeer,
  PDPeerRole,
  PDRegion,
  PDRegionCheck,
  PDRegionEpoch,
  PDStoreRegionType,
  PDTopRegionKind,
} from './wire/pd-region.ts';
export { PD_OPERATOR_STATUSES } from './wire/pd-operator.ts';
export type {
  PDOperator,
  PDOperatorRecord,
  PDOperatorState,
  PDOperatorStatus,
} from './wire/pd-operator.ts';
export type { PDHotRegion, PDHotRegions, PDHotStore, PDHotStoreRegions } from './wire/pd-hot.ts';
export type { PDConfig, PDReplicationConfig, PDScheduleConfig } from './wire/pd-config.ts';
export type { PDPausedScheduler, PDSchedulerStores } from './wire/pd-schedulers.ts';
export { PD_RULE_ROLES } from './wire/pd-placement.ts';
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
} from './wire/pd-placement.ts';
export { describeQuorum } from './read/quorum.ts';
export type { PDQuorum } from './wire/pd-quorum.ts';
export type { PDCluster, PDClusterStatus, PDMemberHealth, PDStatus } from './wire/pd-health.ts';
export { PD_API } from './http/requests.ts';
export { ANY_TEXT, hasName, isIrreplaceable } from './wire/operator-names.ts';
export type { PDOperatorName } from './wire/operator-names.ts';
export {
  BALANCE_LEADER_SCHEDULER,
  EVICT_LEADER_SCHEDULER,
  GRANT_LEADER_SCHEDULER,
  isOfType,
  schedulerName,
} from './wire/scheduler-names.ts';
