import type { JsonObject } from 'operator-core';
import { addBorder, rejectLeadersOfZone3 } from './arrange-placement.ts';
import * as arrange from './arrange.ts';
import type { Cluster, Version } from './support.ts';

/** A no of PD's that no plan can foresee, and the refusal that it comes back as. */
export interface AnsweredRefusal {
  /** The name of the test and the situation, as the documentation tells it. */
  readonly title: string;
  readonly code: string;
  readonly action: string;
  readonly parameters: JsonObject;
  /** Why reading does not tell: a sentence of the documentation. */
  readonly why: string;
  /** Before the plan is made. */
  readonly arrange?: (cluster: Cluster) => unknown;
  /** After the plan was checked again, before it is sent. */
  readonly meanwhile?: (cluster: Cluster) => unknown;
  readonly status: number;
  readonly says: Readonly<Record<Version, string>>;
}

const RACE = 'It happens between the last look and the request.';

const LEADER_TO_3 = {
  action: 'transfer_leader',
  parameters: { region_id: 9, to_store_id: '3' },
  status: 500,
} as const;
const PEER_3_TO_4 = {
  action: 'transfer_peer',
  parameters: { region_id: 9, from_store_id: '3', to_store_id: '4' },
  status: 500,
} as const;

function says(words: string, code = ''): Readonly<Record<Version, string>> {
  return { '6.5': words, '8.5': code === '' ? words : `[PD:${code}]${words}` };
}

function always(words: string): Readonly<Record<Version, string>> {
  return { '6.5': words, '8.5': words };
}

const NOT_ADDED = says('failed to add operator, maybe already have one', 'operator:ErrAddOperator');

/** Lets PD refuse the next operator in words for which the simulator has no situation. */
function refuseOperator(text: string): (cluster: Cluster) => void {
  return ({ sim }) => sim.faults.refuseOperator({ text });
}

const TRANSFER_LEADER: readonly AnsweredRefusal[] = [
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the region has been merged away',
    code: 'REGION_NOT_FOUND',
    why: RACE,
    meanwhile: (cluster) => arrange.mergeAway(cluster, 9),
    says: says('region 9 not found', 'region:ErrRegionNotFound'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the region has lost its leader',
    code: 'REGION_HAS_NO_LEADER',
    why: RACE,
    meanwhile: ({ sim }) => sim.faults.leaveLeaderless({ regionId: 9 }),
    says: says('cannot build operator for region with no leader'),
  },
  {
    ...LEADER_TO_3,
    parameters: { region_id: 9, to_store_id: '2' },
    title: 'transfer_leader is answered: a membership change has begun',
    code: 'REGION_IN_JOINT_STATE',
    why: RACE,
    meanwhile: arrange.leaveInJointState,
    says: says('cannot build operator for region which is in joint state'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the voter has moved away',
    code: 'NO_VOTER_ON_STORE',
    why: RACE,
    meanwhile: (cluster) => arrange.movePeer(cluster, 3, 4),
    says: says('region has no voter in store 3'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the peer is about to go',
    code: 'NO_VOTER_ON_STORE',
    why: 'PD says it of a peer that the operator itself takes away; it stays to be understood.',
    meanwhile: refuseOperator('cannot transfer leader to 3: not found'),
    says: always('cannot transfer leader to 3: not found'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the peer is no voter any more',
    code: 'NO_VOTER_ON_STORE',
    why: 'PD says it of a peer that the operator itself demotes; it stays to be understood.',
    meanwhile: refuseOperator('cannot transfer leader to 3: not voter'),
    says: always('cannot transfer leader to 3: not voter'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the peer has fallen behind or gone down',
    code: 'PEER_PENDING',
    why: RACE,
    meanwhile: ({ sim }) => sim.faults.setPendingPeer({ regionId: 9, storeId: 3 }),
    says: says('cannot transfer leader to 3: unhealthy'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the target has become busy',
    code: 'LEADER_NOT_ALLOWED',
    why: RACE,
    meanwhile: ({ sim }) => sim.faults.slowStore({ storeId: 3 }),
    says: says('cannot create operator: target leader is not allowed'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the grant-leader scheduler holds the target',
    code: 'LEADER_NOT_ALLOWED',
    why: 'PD before 26.3 refuses it and newer ones do it, so that the plan leaves it to PD.',
    arrange: (cluster) => arrange.grantHeld(cluster, 3),
    says: says('cannot create operator: target leader is not allowed'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: a rule or a label allows no leader there',
    code: 'LEADER_NOT_ALLOWED',
    why: `${RACE} A store that PD evicts as slow is not told beforehand.`,
    meanwhile: rejectLeadersOfZone3,
    says: says('cannot create operator: target leader is not allowed'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the leader is there already',
    code: 'OPERATOR_NOT_ADDED',
    why: RACE,
    // A scheduler moves it: after an operator of the very name that is asked for, the answer may be that of a second copy.
    meanwhile: arrange.drainFirstTwo,
    says: says('no operator step is built'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: another operator was first, or the region has changed',
    code: 'OPERATOR_NOT_ADDED',
    why: `${RACE} PD has one text for all that its operator controller refuses: epoch, priority, waiting.`,
    meanwhile: (cluster) => arrange.holdTransfer(cluster, 2),
    says: NOT_ADDED,
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: the region matches no rule',
    code: 'RULE_NOT_MET',
    why: RACE,
    meanwhile: (cluster) => addBorder(cluster),
    says: says('cannot build operator for region match no placement rule'),
  },
  {
    ...LEADER_TO_3,
    title: 'transfer_leader is answered: PD knows a peer without a store',
    code: 'OPERATOR_NOT_ADDED',
    why: 'A broken record of the region in PD.',
    meanwhile: refuseOperator('cannot build operator for region with nil peer'),
    says: always('cannot build operator for region with nil peer'),
  },
];

const NOT_BOOTSTRAPPED =
  '[PD:cluster:ErrNotBootstrapped]TiKV cluster not bootstrapped, please start TiKV first';

const TRANSFER_PEER: readonly AnsweredRefusal[] = [
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: a PD leader has only just been elected',
    code: 'CLUSTER_NOT_READY',
    why: RACE,
    meanwhile: refuseOperator(NOT_BOOTSTRAPPED),
    says: always(NOT_BOOTSTRAPPED),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: the peer has moved away',
    code: 'NO_PEER_ON_STORE',
    why: RACE,
    meanwhile: (cluster) => arrange.movePeer(cluster, 3, 5),
    says: says('region has no peer in store 3'),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: the target has been given a peer',
    code: 'PEER_ALREADY_ON_STORE',
    why: RACE,
    meanwhile: (cluster) => arrange.addLearner(cluster, 4),
    says: says('cannot add peer store_id:4 : already have peer id:406 store_id:4 role:Learner '),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: the target is gone',
    code: 'STORE_TOMBSTONE',
    why: RACE,
    meanwhile: (cluster) => arrange.removeStore(cluster, 4),
    says: always('[PD:core:ErrStoreRemoved]store 4 has been removed'),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: the target has fallen silent',
    code: 'STORE_UNHEALTHY',
    why: `${RACE} Before that the store is seen to be disconnected.`,
    meanwhile: (cluster) => arrange.silence(cluster, 4, 11 * 60),
    says: always('[PD:core:ErrStoreUnhealthy]store 4 is unhealthy'),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: no other voter may lead',
    code: 'RULE_NOT_MET',
    why: RACE,
    parameters: { region_id: 9, from_store_id: '1', to_store_id: '4' },
    meanwhile: ({ sim }) => {
      for (const storeId of [2, 3, 4]) sim.faults.slowStore({ storeId });
    },
    says: always('fail to build operator: plan is empty, maybe no valid leader'),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: no valid leader',
    code: 'RULE_NOT_MET',
    why: `${RACE} The plan looks for a voter that may lead, and does not see which store PD evicts as slow.`,
    meanwhile: refuseOperator('no valid leader'),
    says: always('no valid leader'),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: no voter would be left',
    code: 'RULE_NOT_MET',
    why: 'A move never leaves a region without a voter; the text stays to be understood.',
    meanwhile: refuseOperator('cannot create operator: target peers have no voter'),
    says: always('cannot create operator: target peers have no voter'),
  },
  {
    ...PEER_3_TO_4,
    title: 'transfer_peer is answered: another operator was first, or the region has changed',
    code: 'OPERATOR_NOT_ADDED',
    why: `${RACE} PD has one text for all that its operator controller refuses: epoch, priority, waiting.`,
    meanwhile: (cluster) => arrange.holdTransfer(cluster, 2),
    says: NOT_ADDED,
  },
];

const EVICTED_ELSEWHERE = '[PD:scheduler:ErrScheduleConfigNotExist]the config does not exist';

const SCHEDULERS_AND_OTHERS: readonly AnsweredRefusal[] = [
  {
    title: 'drain_store is answered: another scheduler has taken the store',
    code: 'STORE_PAUSED',
    action: 'drain_store',
    parameters: { store_id: '4' },
    why: `${RACE} The evict-slow-store scheduler takes stores too, and does not tell beforehand.`,
    meanwhile: (cluster) => arrange.grantByHand(cluster, 4),
    status: 500,
    says: always('[PD:core:ErrPauseLeaderTransfer]store 4 is paused for leader transfer'),
  },
  {
    title: 'drain_store is answered: the scheduler was created at the same moment',
    code: 'SCHEDULER_EXISTS',
    action: 'drain_store',
    parameters: { store_id: '4' },
    why: RACE,
    meanwhile: ({ sim }) =>
      sim.faults.answerWith({
        method: 'POST',
        path: '/pd/api/v1/schedulers',
        status: 500,
        body: JSON.stringify('[PD:scheduler:ErrSchedulerExisted]scheduler existed'),
      }),
    status: 500,
    says: always('[PD:scheduler:ErrSchedulerExisted]scheduler existed'),
  },
  {
    title: 'undrain_store is answered: the last drain has been ended',
    code: 'DRAIN_NOT_FOUND',
    action: 'undrain_store',
    parameters: { store_id: '4' },
    why: `${RACE} With its last store the scheduler goes, and the path with it.`,
    arrange: (cluster) => arrange.drainByHand(cluster, 4),
    meanwhile: (cluster) => arrange.undrainByHand(cluster, 4),
    status: 404,
    says: always('404 page not found'),
  },
  {
    title: 'undrain_store is answered: this drain has been ended',
    code: 'DRAIN_NOT_FOUND',
    action: 'undrain_store',
    parameters: { store_id: '4' },
    why: RACE,
    arrange: async (cluster) => {
      await arrange.drainByHand(cluster, 2);
      await arrange.drainByHand(cluster, 4);
    },
    meanwhile: (cluster) => arrange.undrainByHand(cluster, 4),
    status: 404,
    says: always(EVICTED_ELSEWHERE),
  },
  {
    title: 'cancel_operator is answered: the operator has ended',
    code: 'OPERATOR_NOT_FOUND',
    action: 'cancel_operator',
    parameters: { region_id: 9 },
    why: RACE,
    arrange: (cluster) => arrange.holdTransfer(cluster, 3),
    meanwhile: (cluster) => cluster.delete('/operators/9'),
    status: 500,
    says: says('operator not found', 'operator:ErrOperatorNotFound'),
  },
  {
    title: 'set_leader_schedule_limit is answered: a temporary value is in force',
    code: 'SETTING_OVERRIDDEN',
    action: 'set_leader_schedule_limit',
    parameters: { limit: 8 },
    why: 'PD shows the lasting value only.',
    arrange: (cluster) =>
      cluster.post('/config?ttlSecond=600', { 'schedule.leader-schedule-limit': 16 }),
    status: 400,
    says: always('need to clean up TTL first for schedule.leader-schedule-limit'),
  },
];

/** Every no of PD's that only PD can say. */
export const ANSWERED: readonly AnsweredRefusal[] = [
  ...TRANSFER_LEADER,
  ...TRANSFER_PEER,
  ...SCHEDULERS_AND_OTHERS,
];
