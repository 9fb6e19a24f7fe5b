import { setFollowerZone } from './arrange-placement.ts';
import * as arrange from './arrange.ts';
import * as harm from './harm.ts';
import { PLACEMENT } from './placement-refusals.ts';
import {
  ALSO_DRAINED,
  CREATED,
  DRAINED,
  drain,
  leaderTo,
  NOT_ALLOWED,
  peer,
  refuses,
  says,
  undrain,
} from './refusal-builders.ts';
import type { ForeseenRefusal } from './refusal-builders.ts';
import { leaderRequest, peerRequest } from '../changes.ts';

const UNHEALTHY = refuses(says('cannot transfer leader to 3: unhealthy'));
const NOT_ADDED = refuses(
  says('failed to add operator, maybe already have one', 'operator:ErrAddOperator'),
);

const TRANSFER_LEADER: readonly ForeseenRefusal[] = [
  {
    title: 'transfer_leader: the region does not exist',
    code: 'REGION_NOT_FOUND',
    action: 'transfer_leader',
    parameters: { region_id: 4, to_store_id: '3' },
    facts: { regionId: 4 },
    request: leaderRequest(4, 3),
    pd: refuses(says('region 4 not found', 'region:ErrRegionNotFound')),
  },
  leaderTo(3, {
    title: 'transfer_leader: the region has no leader',
    code: 'REGION_HAS_NO_LEADER',
    arrange: ({ sim }) => sim.faults.leaveLeaderless({ regionId: 9 }),
    facts: { regionId: 9, storeIds: ['1', '2', '3'] },
    pd: refuses(says('cannot build operator for region with no leader')),
  }),
  leaderTo(2, {
    title: 'transfer_leader: the region is in a joint state',
    code: 'REGION_IN_JOINT_STATE',
    arrange: arrange.leaveInJointState,
    facts: { regionId: 9 },
    pd: refuses(says('cannot build operator for region which is in joint state')),
  }),
  leaderTo(99, {
    title: 'transfer_leader: the target does not exist',
    code: 'STORE_NOT_FOUND',
    facts: { storeId: '99' },
    pd: refuses(says('region has no voter in store 99')),
  }),
  leaderTo(5, {
    title: 'transfer_leader: the target is a tombstone',
    code: 'STORE_TOMBSTONE',
    arrange: (cluster) => arrange.removeStore(cluster, 5),
    facts: { storeId: '5', state: 'Tombstone' },
    pd: refuses(says('region has no voter in store 5')),
  }),
  leaderTo(3, {
    title: 'transfer_leader: the target is being removed',
    code: 'STORE_OFFLINE',
    arrange: (cluster) => arrange.startRemoving(cluster, 3),
    facts: { storeId: '3', state: 'Offline' },
    pd: NOT_ALLOWED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the target is down',
    code: 'STORE_DOWN',
    arrange: (cluster) => arrange.silence(cluster, 3, 31 * 60),
    facts: { storeId: '3', state: 'Down' },
    pd: NOT_ALLOWED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the target is disconnected',
    code: 'STORE_DISCONNECTED',
    arrange: (cluster) => arrange.silence(cluster, 3, 40),
    facts: { storeId: '3', state: 'Disconnected' },
    pd: NOT_ALLOWED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the target is silent but still shown as Up',
    code: 'STORE_SILENT',
    arrange: (cluster) => arrange.missHeartbeat(cluster, 3),
    facts: { storeId: '3' },
    pd: {
      accepts: CREATED,
      harm: 'The operator runs 60 s into its timeout, and the leader stays.',
      prove: harm.proveTimeout,
    },
  }),
  leaderTo(3, {
    title: 'transfer_leader: the target is busy',
    code: 'STORE_BUSY',
    arrange: ({ sim }) => sim.faults.slowStore({ storeId: 3 }),
    facts: { storeId: '3' },
    pd: NOT_ALLOWED,
  }),
  {
    title: 'transfer_leader: the target is a TiFlash store',
    code: 'STORE_IS_TIFLASH',
    action: 'transfer_leader',
    parameters: { region_id: 11, to_store_id: '6' },
    options: { tiflashStores: 1 },
    facts: { storeId: '6', labels: { engine: 'tiflash' } },
    request: leaderRequest(11, 6),
    pd: refuses(says('region has no voter in store 6')),
  },
  leaderTo(3, {
    title: 'transfer_leader: the target is being drained',
    code: 'STORE_BEING_DRAINED',
    arrange: (cluster) => arrange.drainByHand(cluster, 3),
    facts: { storeId: '3', drainedStoreIds: ['3'] },
    pd: NOT_ALLOWED,
  }),
  leaderTo(4, {
    title: 'transfer_leader: the region has no peer on the target',
    code: 'NO_VOTER_ON_STORE',
    facts: { regionId: 9, storeId: '4' },
    pd: refuses(says('region has no voter in store 4')),
  }),
  leaderTo(4, {
    title: 'transfer_leader: the peer on the target is a learner',
    code: 'NO_VOTER_ON_STORE',
    arrange: (cluster) => arrange.addLearner(cluster, 4),
    facts: { regionId: 9, storeId: '4' },
    pd: refuses(says('region has no voter in store 4')),
  }),
  leaderTo(3, {
    title: 'transfer_leader: the peer on the target is pending',
    code: 'PEER_PENDING',
    arrange: ({ sim }) => sim.faults.setPendingPeer({ regionId: 9, storeId: 3 }),
    facts: { regionId: 9, storeId: '3' },
    pd: UNHEALTHY,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the peer on the target is down',
    code: 'PEER_DOWN',
    arrange: ({ sim }) => sim.faults.setDownPeer({ regionId: 9, storeId: 3 }),
    facts: { regionId: 9, storeId: '3' },
    pd: UNHEALTHY,
  }),
  leaderTo(3, {
    title: "transfer_leader: an administrator's operator runs on the region",
    code: 'OPERATOR_RUNNING',
    arrange: (cluster) => arrange.holdTransfer(cluster, 2),
    facts: { regionId: 9, operator: 'admin-transfer-leader', status: 'RUNNING' },
    pd: NOT_ADDED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: an eviction moves the region',
    code: 'OPERATOR_RUNNING',
    arrange: (cluster) => arrange.holdEviction(cluster, 1),
    facts: { status: 'RUNNING' },
    pd: NOT_ADDED,
  }),
  leaderTo(3, {
    title: 'transfer_leader: the PD leader has just started',
    code: 'CLUSTER_NOT_READY',
    arrange: ({ sim }) => sim.faults.restartLeader({ downMs: 0, startingMs: 0 }),
    facts: { schedulers: [] },
    pd: refuses(says('cannot build operator for region with no leader')),
  }),
  leaderTo(3, {
    title: 'transfer_leader: the grant-leader scheduler would take the leader back',
    code: 'STORE_PAUSED',
    arrange: (cluster) => arrange.grantByHand(cluster, 2),
    facts: { regionId: 9, storeId: '2', scheduler: 'grant-leader-scheduler' },
    pd: {
      accepts: CREATED,
      harm: 'The leader moves there, and the scheduler moves it on to its own store.',
      prove: (cluster) => harm.proveLeader(cluster, '2'),
    },
  }),
];

const TRANSFER_PEER: readonly ForeseenRefusal[] = [
  {
    title: 'transfer_peer: the region does not exist',
    code: 'REGION_NOT_FOUND',
    action: 'transfer_peer',
    parameters: { region_id: 4, from_store_id: '3', to_store_id: '4' },
    facts: { regionId: 4 },
    request: peerRequest(4, 3, 4),
    pd: refuses(says('region 4 not found', 'region:ErrRegionNotFound')),
  },
  peer([3, 4], {
    title: 'transfer_peer: the region has no leader',
    code: 'REGION_HAS_NO_LEADER',
    arrange: ({ sim }) => sim.faults.leaveLeaderless({ regionId: 9 }),
    facts: { regionId: 9 },
    pd: refuses(says('cannot build operator for region with no leader')),
  }),
  peer([2, 5], {
    title: 'transfer_peer: the region is in a joint state',
    code: 'REGION_IN_JOINT_STATE',
    arrange: arrange.leaveInJointState,
    facts: { regionId: 9 },
    pd: refuses(says('cannot build operator for region which is in joint state')),
  }),
  peer([3, 3], {
    title: 'transfer_peer: source and target are the same',
    code: 'SAME_STORE',
    facts: { storeId: '3' },
    pd: refuses(says('no operator step is built')),
  }),
  peer([3, 99], {
    title: 'transfer_peer: the target does not exist',
    code: 'STORE_NOT_FOUND',
    facts: { storeId: '99' },
    pd: refuses({
      '6.5': '[PD:core:ErrStoreNotFound]store 99 not found',
      '8.5': '[PD:core:ErrStoreNotFound]store 99 not found',
    }),
  }),
  peer([99, 4], {
    title: 'transfer_peer: the source does not exist',
    code: 'STORE_NOT_FOUND',
    facts: { storeId: '99' },
    pd: refuses(says('region has no peer in store 99')),
  }),
  peer([3, 5], {
    title: 'transfer_peer: the target is a tombstone',
    code: 'STORE_TOMBSTONE',
    arrange: (cluster) => arrange.removeStore(cluster, 5),
    facts: { storeId: '5', state: 'Tombstone' },
    pd: refuses({
      '6.5': '[PD:core:ErrStoreRemoved]store 5 has been removed',
      '8.5': '[PD:core:ErrStoreRemoved]store 5 has been removed',
    }),
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target is being removed',
    code: 'STORE_OFFLINE',
    arrange: (cluster) => arrange.startRemoving(cluster, 4),
    facts: { storeId: '4', state: 'Offline' },
    pd: {
      accepts: CREATED,
      harm: 'The peer moves to a store that it must leave again, and nothing warns.',
      prove: (cluster) => harm.provePeers(cluster, [1, 2, 4]),
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target is down',
    code: 'STORE_DOWN',
    arrange: (cluster) => arrange.silence(cluster, 4, 31 * 60),
    facts: { storeId: '4', state: 'Down' },
    pd: refuses({
      '6.5': '[PD:core:ErrStoreUnhealthy]store 4 is unhealthy',
      '8.5': '[PD:core:ErrStoreUnhealthy]store 4 is unhealthy',
    }),
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target has been silent for more than ten minutes',
    code: 'STORE_DISCONNECTED',
    arrange: (cluster) => arrange.silence(cluster, 4, 11 * 60),
    facts: { storeId: '4', state: 'Disconnected' },
    pd: refuses({
      '6.5': '[PD:core:ErrStoreUnhealthy]store 4 is unhealthy',
      '8.5': '[PD:core:ErrStoreUnhealthy]store 4 is unhealthy',
    }),
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target is disconnected',
    code: 'STORE_DISCONNECTED',
    arrange: (cluster) => arrange.silence(cluster, 4, 40),
    facts: { storeId: '4', state: 'Disconnected' },
    pd: {
      accepts: CREATED,
      harm: 'A learner that never catches up is added, and the operator runs for ten minutes and more.',
      prove: harm.proveHanging,
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target is silent but still shown as Up',
    code: 'STORE_SILENT',
    arrange: (cluster) => arrange.missHeartbeat(cluster, 4),
    facts: { storeId: '4' },
    pd: {
      accepts: CREATED,
      harm: 'A learner that never catches up is added, and the operator runs for ten minutes and more.',
      prove: harm.proveHanging,
    },
  }),
  peer([3, 4], {
    title: 'transfer_peer: the target is busy',
    code: 'STORE_BUSY',
    arrange: ({ sim }) => sim.faults.slowStore({ storeId: 4 }),
    facts: { storeId: '4' },
    pd: {
      accepts: CREATED,
      harm: 'A store that cannot keep up is given a snapshot to take in as well.',
      prove: (cluster) => harm.provePeers(cluster, [1, 2, 4]),
    },
  }),
  {
    title: 'transfer_peer: the target is a TiFlash store',
    code: 'STORE_IS_TIFLASH',
    action: 'transfer_peer',
    parameters: { region_id: 11, from_store_id: '3', to_store_id: '6' },
    options: { tiflashStores: 1 },
    facts: { storeId: '6' },
    request: peerRequest(11, 3, 6),
    pd: refuses(
      says('cannot add peer store_id:6 : already have peer id:10 store_id:6 role:Learner '),
    ),
  },
  peer([3, 4], {
    title: 'transfer_peer: the target is being drained',
    code: 'STORE_BEING_DRAINED',
    arrange: (cluster) => arrange.drainByHand(cluster, 4),
    facts: { storeId: '4', drainedStoreIds: ['4'] },
    pd: {
      accepts: CREATED,
      harm: 'The peer moves to a store that is being drained, and cannot lead there.',
      prove: (cluster) => harm.provePeers(cluster, [1, 2, 4]),
    },
  }),
  peer([5, 4], {
    title: 'transfer_peer: the region has no peer on the source',
    code: 'NO_PEER_ON_STORE',
    facts: { regionId: 9 },
    pd: refuses(says('region has no peer in store 5')),
  }),
  {
    title: 'transfer_peer: a learner of TiFlash is to leave for a TiKV store',
    code: 'STORE_IS_TIFLASH',
    action: 'transfer_peer',
    parameters: { region_id: 11, from_store_id: '6', to_store_id: '4' },
    options: { tiflashStores: 1 },
    facts: { storeId: '6', toStoreId: '4' },
    request: peerRequest(11, 6, 4),
    pd: {
      accepts: CREATED,
      harm: "PD's checkers remove the learner from the TiKV store: the region has no replica on TiFlash left.",
      prove: (cluster) => harm.proveLearnerLost(cluster, 11, [1, 2, 3]),
    },
  },
  peer([3, 2], {
    title: 'transfer_peer: the target holds a peer already',
    code: 'PEER_ALREADY_ON_STORE',
    facts: { regionId: 9 },
    pd: refuses(says('cannot add peer store_id:2 : already have peer id:7 store_id:2 ')),
  }),
  peer([1, 4], {
    title: 'transfer_peer: the move would cost the majority',
    code: 'QUORUM_AT_RISK',
    arrange: ({ sim }) => {
      sim.faults.setDownPeer({ regionId: 9, storeId: 2 });
      sim.faults.setDownPeer({ regionId: 9, storeId: 3 });
    },
    facts: { regionId: 9, quorum: 2, healthyBefore: 1 },
    pd: {
      accepts: CREATED,
      harm: 'PD does not count healthy voters: the region is taken into a change that it cannot finish.',
      prove: () => {},
    },
  }),
  peer([3, 4], {
    title: "transfer_peer: an administrator's operator runs on the region",
    code: 'OPERATOR_RUNNING',
    arrange: (cluster) => arrange.holdTransfer(cluster, 2),
    facts: { regionId: 9, operator: 'admin-transfer-leader' },
    pd: NOT_ADDED,
  }),
  peer([3, 4], {
    title: 'transfer_peer: the PD leader has just started',
    code: 'CLUSTER_NOT_READY',
    arrange: ({ sim }) => sim.faults.restartLeader({ downMs: 0, startingMs: 0 }),
    facts: { schedulers: [] },
    pd: refuses(says('cannot build operator for region with no leader')),
  }),
];

const DRAIN_STORE: readonly ForeseenRefusal[] = [
  drain(4, {
    title: 'drain_store: the PD leader has just started',
    code: 'CLUSTER_NOT_READY',
    arrange: async (cluster) => {
      await arrange.drainByHand(cluster, 2);
      cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    },
    facts: { schedulers: [] },
    pd: {
      accepts: DRAINED,
      harm: 'The evictions of all other stores are overwritten for good.',
      prove: harm.proveEvictionsLost,
    },
  }),
  drain(4, {
    title: 'drain_store: PD does not know enough of the leaders',
    code: 'CLUSTER_NOT_READY',
    arrange: ({ sim }) => {
      for (const { id } of sim.model.regions().slice(0, 11)) {
        sim.faults.leaveLeaderless({ regionId: id });
      }
    },
    facts: { leadersKnown: 89, regions: 100 },
    pd: {
      accepts: DRAINED,
      harm: 'A count of 0 leaders would be believed although leaders are not counted.',
      prove: ({ sim }) => harm.proveEvicted(sim, [4]),
    },
  }),
  drain(99, {
    title: 'drain_store: the store does not exist',
    code: 'STORE_NOT_FOUND',
    facts: { storeId: '99' },
    pd: refuses({
      '6.5': '[PD:core:ErrStoreNotFound]store 99 not found',
      '8.5': '[PD:core:ErrStoreNotFound]store 99 not found',
    }),
  }),
  drain(99, {
    title: 'drain_store: the store does not exist, and another is being drained',
    code: 'STORE_NOT_FOUND',
    arrange: (cluster) => arrange.drainByHand(cluster, 2),
    facts: { storeId: '99' },
    pd: refuses({
      '6.5': '[PD:core:ErrStoreNotFound]store 99 not found',
      '8.5': '[PD:core:ErrStoreNotFound]store 99 not found',
    }),
  }),
  drain(5, {
    title: 'drain_store: the store is a tombstone',
    code: 'STORE_TOMBSTONE',
    arrange: (cluster) => arrange.removeStore(cluster, 5),
    facts: { storeId: '5', state: 'Tombstone' },
    pd: {
      accepts: DRAINED,
      harm: 'An eviction stays in PD for a store that is gone.',
      prove: ({ sim }) => harm.proveEvicted(sim, [5]),
    },
  }),
  drain(6, {
    title: 'drain_store: the store is a TiFlash store',
    code: 'STORE_IS_TIFLASH',
    options: { tiflashStores: 1 },
    facts: { storeId: '6' },
    pd: {
      accepts: DRAINED,
      harm: 'An eviction stays in PD for a store that never leads.',
      prove: ({ sim }) => harm.proveEvicted(sim, [6]),
    },
  }),
  drain(4, {
    title: 'drain_store: the store is being drained already',
    code: 'DRAIN_EXISTS',
    arrange: (cluster) => arrange.drainByHand(cluster, 4),
    facts: { storeId: '4', drainedStoreIds: ['4'] },
    pd: {
      accepts: ALSO_DRAINED,
      harm: 'The drain would have two owners, and the first one to end it ends it for both.',
      prove: ({ sim }) => harm.proveEvicted(sim, [4]),
    },
  }),
  drain(4, {
    title: 'drain_store: the grant-leader scheduler moves leaders to the store',
    code: 'STORE_PAUSED',
    arrange: (cluster) => arrange.grantByHand(cluster, 4),
    facts: { storeId: '4', scheduler: 'grant-leader-scheduler' },
    pd: refuses({
      '6.5': '[PD:core:ErrPauseLeaderTransfer]store 4 is paused for leader transfer',
      '8.5': '[PD:core:ErrPauseLeaderTransfer]store 4 is paused for leader transfer',
    }),
  }),
  drain(4, {
    title: 'drain_store: PD moves no leaders, because the limit is 0',
    code: 'LEADER_SCHEDULING_OFF',
    arrange: (cluster) => cluster.post('/config/schedule', { 'leader-schedule-limit': 0 }),
    facts: { leaderScheduleLimit: 0, haltScheduling: false },
    pd: {
      accepts: DRAINED,
      harm: 'No leader leaves the store, and none may come: nothing is drained.',
      prove: (cluster) => harm.proveNotDrained(cluster, 4),
    },
  }),
  drain(4, {
    title: 'drain_store: PD moves no leaders, because scheduling is halted',
    code: 'LEADER_SCHEDULING_OFF',
    arrange: (cluster) => cluster.post('/config/schedule', { 'halt-scheduling': 'true' }),
    facts: { leaderScheduleLimit: 4, haltScheduling: true },
    pd: {
      accepts: DRAINED,
      harm: 'No leader leaves the store, and none may come: nothing is drained.',
      prove: (cluster) => harm.proveNotDrained(cluster, 4),
    },
  }),
  drain(4, {
    title: 'drain_store: the evict-leader scheduler is paused',
    code: 'SCHEDULER_PAUSED',
    arrange: async (cluster) => {
      await arrange.drainByHand(cluster, 2);
      await cluster.post('/schedulers/evict-leader-scheduler', { delay: 3600 });
    },
    facts: { paused: ['evict-leader-scheduler'] },
    pd: {
      accepts: ALSO_DRAINED,
      harm: 'No leader leaves the store as long as the scheduler is paused.',
      prove: (cluster) => harm.proveNotDrained(cluster, 4),
    },
  }),
  drain(4, {
    title: 'drain_store: no other store may hold leaders',
    code: 'LAST_LEADER_STORE',
    arrange: async (cluster) => {
      for (const store of [1, 2, 3, 5]) await arrange.drainByHand(cluster, store);
    },
    facts: { storeId: '4', drainedStoreIds: ['1', '2', '3', '5'] },
    pd: {
      accepts: ALSO_DRAINED,
      harm: 'Every store is being drained: the leaders stay where they are.',
      prove: (cluster) => harm.proveNotDrained(cluster, 4),
    },
  }),
  drain(3, {
    title: 'drain_store: the other voters of some regions are on drained stores',
    code: 'LEADERS_STAY',
    arrange: (cluster) => arrange.drainFirstTwo(cluster),
    facts: { storeId: '3', stayingForGood: 20, accepted: 0 },
    pd: {
      accepts: ALSO_DRAINED,
      harm: 'These leaders stay on the store, and PD does not tell.',
      prove: (cluster) => harm.proveNotDrained(cluster, 3),
    },
  }),
  drain(1, {
    title: 'drain_store: the rules allow the leaders of some regions nowhere else',
    code: 'LEADERS_STAY',
    options: { regions: 1 },
    arrange: async (cluster) => {
      await setFollowerZone(cluster);
      await arrange.drainByHand(cluster, 2);
    },
    facts: {
      storeId: '1',
      stayingRegions: [
        {
          reason:
            'other voters on drained store 2, kept from leading by placement rules on store 3',
          regionIds: [9],
        },
      ],
    },
    pd: {
      accepts: ALSO_DRAINED,
      harm: 'These leaders stay on the store, and PD does not tell.',
      prove: (cluster) => harm.proveNotDrained(cluster, 1),
    },
  }),
  drain(1, {
    title: 'drain_store: regions have no other peer',
    code: 'LEADERS_STAY',
    options: { replicas: 1 },
    facts: { storeId: '1', stayingForGood: 20 },
    pd: {
      accepts: DRAINED,
      harm: 'These leaders stay on the store, and PD does not tell.',
      prove: (cluster) => harm.proveNotDrained(cluster, 1),
    },
  }),
];

const UNDRAIN_STORE: readonly ForeseenRefusal[] = [
  undrain(4, {
    title: 'undrain_store: the PD leader has just started',
    code: 'CLUSTER_NOT_READY',
    arrange: async (cluster) => {
      await arrange.drainByHand(cluster, 4);
      cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    },
    facts: { schedulers: [] },
    pd: refuses(says('404 page not found'), 404),
  }),
  undrain(99, {
    title: 'undrain_store: the store does not exist',
    code: 'STORE_NOT_FOUND',
    facts: { storeId: '99' },
    pd: refuses(says('404 page not found'), 404),
  }),
  undrain(5, {
    title: 'undrain_store: the store is a tombstone and not drained',
    code: 'STORE_TOMBSTONE',
    arrange: async (cluster) => {
      await arrange.removeStore(cluster, 5);
      await arrange.drainByHand(cluster, 2);
    },
    facts: { storeId: '5', state: 'Tombstone' },
    pd: refuses(
      {
        '6.5': '[PD:scheduler:ErrScheduleConfigNotExist]the config does not exist',
        '8.5': '[PD:scheduler:ErrScheduleConfigNotExist]the config does not exist',
      },
      404,
    ),
  }),
];

const SET_LIMIT: readonly ForeseenRefusal[] = [
  {
    title: 'set_leader_schedule_limit: to 0, and the PD leader has just started',
    code: 'CLUSTER_NOT_READY',
    action: 'set_leader_schedule_limit',
    parameters: { limit: 0 },
    arrange: async (cluster) => {
      await arrange.drainByHand(cluster, 2);
      cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    },
    facts: { schedulers: [] },
    request: {
      purpose: 'set the schedule configuration',
      method: 'POST',
      path: '/pd/api/v1/config/schedule',
      body: '{"leader-schedule-limit":0}',
    },
    pd: {
      accepts: 'The config is updated.',
      harm: 'Drains that PD does not show yet stand still, without a warning.',
      prove: ({ sim }) => harm.proveLimit(sim, 0),
    },
  },
];

/** Every refusal that a plan foresees. */
export const FORESEEN: readonly ForeseenRefusal[] = [
  ...TRANSFER_LEADER,
  ...TRANSFER_PEER,
  ...PLACEMENT,
  ...DRAIN_STORE,
  ...UNDRAIN_STORE,
  ...SET_LIMIT,
];
