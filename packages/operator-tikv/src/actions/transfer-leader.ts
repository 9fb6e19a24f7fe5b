import { draft, nothingToDo } from 'operator-core';
import type {
  InferParameters,
  OrUnknown,
  PlanContext,
  PlanDraft,
  PlannedRequest,
  PlanOutcome,
} from 'operator-core';
import { defineParameters } from '../contract/define-parameters.ts';
import { cancelWay } from './cancel-operator.ts';
import { refuseGrantedElsewhere } from './check-grants.ts';
import { requirePrepared } from './check-prepared.ts';
import { defineAction } from '../contract/define.ts';
import { pdPost, transferLeaderOperator } from '../pd/index.ts';
import type { PDOperatorState, PDRegion, PDStore } from '../pd/index.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import {
  describePeer,
  isDown,
  isPending,
  peerOn,
  refuseRunningOperator,
  requireRegion,
  warnOfReplacedOperator,
} from './check-region.ts';
import type { LedRegion } from './check-region.ts';
import { checkLeaderPlacement } from './check-leader-placement.ts';
import { requireStore, requireTargetStore } from './check-target-store.ts';
import { transferLeaderDeadlineMs } from './deadlines.ts';
import {
  lastOperatorFact,
  regionFacts,
  regionSizeFact,
  storeLoadFacts,
  storeStateFact,
  toImpact,
} from './evidence.ts';
import { regionId, storeId } from '../contract/id-schemas.ts';
import { lookAtLeader, plannedLeader } from './look-at-leader.ts';
import { rulesFact } from './placement-facts.ts';
import { findStore } from './read-target-store.ts';
import { readPlacement } from '../placement/read-placement.ts';
import type { Placement } from '../placement/read-placement.ts';
import { readScheduling } from '../reads/scheduling.ts';
import { readStoreList } from '../reads/store-list.ts';
import { orRefused, refuseWith } from './refusals.ts';
import type { RefusalCode } from './refusals.ts';
import { silenceFact, warnOfSilence } from './target-silence.ts';
import { verifyOperator } from './verify-operator.ts';

const SETTLE_MS = 1000;

/** Everything that the plan is made from, read at one time. */
interface Situation {
  readonly region: LedRegion;
  readonly target: PDStore;
  readonly stores: readonly PDStore[];
  readonly operator: PDOperatorState | null;
  readonly placement: OrUnknown<Placement>;
  readonly warnings: readonly string[];
}

const parameters = defineParameters({
  region_id: regionId('ID of the region whose leader moves'),
  to_store_id: storeId('ID of the store of the new leader'),
});

type Parameters = InferParameters<typeof parameters>;

/** Moves the leader of one region to a store that holds a voter of it. */
export const transferLeader = defineAction({
  name: 'transfer_leader',
  description: 'Transfer the leadership of a region to another store that holds a voter of it.',
  riskLevel: 'medium',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,

  plan: (context) => orRefused(() => planTransfer(context)),

  cancel: ({ parameters: wanted, plan }) =>
    cancelWay(wanted.region_id, transferLeaderOperator(plannedLeader(plan), wanted.to_store_id)),

  verify({ parameters: { region_id, to_store_id }, ...context }) {
    const { plan, subject } = context;
    const wanted = { regionId: region_id, toStoreId: to_store_id, plan };
    return verifyOperator({
      regionId: region_id,
      ...transferLeaderOperator(plannedLeader(plan), to_store_id),
      context,
      targetStoreId: Number(to_store_id),
      isUndoneBy: (step) => isTransferFrom(step, to_store_id),
      // PD makes it with the leader that the region has.
      isProvenBy: ({ steps }) => steps.some((step) => isTransferFrom(step, to_store_id)),
      look: (options) => lookAtLeader(wanted, subject.pd, options),
    });
  },
});

/** Request for the leader transfer. PD wants `to_store_id` (PD API, operators). */
export function transferLeaderRequest({ region_id, to_store_id }: Parameters): PlannedRequest {
  return pdPost('ask for the leader transfer', '/operators', {
    name: 'transfer-leader',
    region_id,
    to_store_id: Number(to_store_id),
  });
}

function isTransferFrom(step: string, fromStoreId: string): boolean {
  return step.startsWith(`transfer leader from store ${fromStoreId} `);
}

async function planTransfer(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { parameters: wanted, signal } = context;
  const { pd } = context.subject;
  const targetId = Number(wanted.to_store_id);
  const config = pd.getConfig({ signal });
  const [found, stores, operator, placement, scheduling] = await Promise.all([
    pd.getRegion(wanted.region_id, { signal }),
    readStoreList(pd, { signal }),
    pd.getOperator(wanted.region_id, { signal }),
    readPlacement(pd, wanted.region_id, { signal, config }),
    readScheduling(pd, { signal, config: config.then(({ schedule }) => schedule) }),
  ]);
  requirePrepared(scheduling);
  const region = requireRegion(found, wanted.region_id);
  if (region.leader.storeId === targetId) {
    return nothingToDo(`Store ${targetId} already leads region ${region.id}.`, {
      regionId: region.id,
      leaderStoreId: wanted.to_store_id,
    });
  }
  const target = requireStore(await findStore(stores, targetId, { pd, signal }), targetId);
  requireTargetStore(target, { stores, scheduling });
  requireLeaderCandidate(region, targetId);
  refuseRunningOperator(operator, region.id);
  await refuseGrantedElsewhere({ region, targetId, scheduling }, pd, { signal });
  const warnings = checkLeaderPlacement({ region, target, stores, placement });
  return toDraft({ region, target, stores, operator, placement, warnings });
}

function toDraft(situation: Situation): PlanDraft {
  const { region, target, stores, operator, placement } = situation;
  const from = String(region.leader.storeId);
  const to = String(target.id);
  return draft({
    summary: `Transfer the leader of region ${region.id} from store ${from} to store ${to}.`,
    evidence: {
      bound: [
        ...regionFacts(region),
        storeStateFact(target),
        { name: `store:${to} is drained`, value: false },
      ],
      shown: [
        regionSizeFact(region),
        silenceFact(target, stores),
        ...storeLoadFacts(target),
        rulesFact(region.id, placement),
        lastOperatorFact(region.id, operator),
      ],
    },
    effects: [
      {
        resource: `region:${region.id}`,
        description: `the leader moves from store ${from} to store ${to}`,
        before: from,
        after: to,
      },
    ],
    impact: toImpact({ leaders: 1, regions: 1, movedMiB: 0 }),
    warnings: [
      ...warnOfSilence(target, stores),
      ...warnOfReplacedOperator(operator),
      ...situation.warnings,
    ],
    requests: [transferLeaderRequest({ region_id: region.id, to_store_id: to })],
    resources: [
      { resource: `region:${region.id}`, mode: 'exclusive' },
      { resource: `store:${from}`, mode: 'shared' },
      { resource: `store:${to}`, mode: 'shared' },
    ],
    inverse: {
      action: 'transfer_leader',
      parameters: { region_id: region.id, to_store_id: from },
    },
    deadlineMs: transferLeaderDeadlineMs(region.approximateSizeMiB),
    settleMs: SETTLE_MS,
  });
}

function requireLeaderCandidate(region: PDRegion, targetId: number): void {
  const peer = peerOn(region, targetId);
  const refusePeer = (code: RefusalCode, message: string): never =>
    refuseWith(code, message, {
      regionId: region.id,
      storeId: String(targetId),
      peers: region.peers.map(describePeer),
    });
  if (peer === undefined) {
    refusePeer('NO_VOTER_ON_STORE', `Region ${region.id} has no peer on store ${targetId}.`);
    return;
  }
  if (peer.role !== 'Voter') {
    refusePeer('NO_VOTER_ON_STORE', `The peer on store ${targetId} is a ${peer.role}.`);
  }
  if (peer.isWitness)
    refusePeer('LEADER_NOT_ALLOWED', `The peer on store ${targetId} is a witness.`);
  if (isDown(region, peer)) refusePeer('PEER_DOWN', `The peer on store ${targetId} is down.`);
  if (isPending(region, peer))
    refusePeer('PEER_PENDING', `The peer on store ${targetId} lags behind.`);
}
