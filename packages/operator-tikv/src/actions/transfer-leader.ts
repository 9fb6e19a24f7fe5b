import { nothingToDo } from 'operator-core';
import type { InferParameters, NothingToDo } from 'operator-core';
import { defineParameters } from '../contract/define-parameters.ts';
import { regionId, storeId } from '../contract/id-schemas.ts';
import { ANY_TEXT } from '../pd/index.ts';
import type { PDRegion, PDStore } from '../pd/index.ts';
import { refuseGrantedElsewhere } from './checks/check-grants.ts';
import { checkLeaderPlacement } from './checks/check-leader-placement.ts';
import { describePeer, isDown, isPending, peerOn } from './checks/check-region.ts';
import { requireStore, requireTargetStore } from './checks/check-target-store.ts';
import { GRACE_MS, fastStepMs } from './verifying/deadlines.ts';
import { defineRegionAction } from './define-region-action.ts';
import type { RegionPlanning } from './define-region-action.ts';
import { storeLoadFacts, storeStateFact, toImpact } from './situation/evidence.ts';
import { lookAtLeader, plannedLeader } from './verifying/look-at-leader.ts';
import { findStore } from './situation/read-target-store.ts';
import { refuseWith } from './checks/refusals.ts';
import type { RefusalCode } from './checks/refusals.ts';
import type { RegionDraft } from './situation/region-draft.ts';
import type { RegionSituation } from './situation/region-situation.ts';
import { silenceFact, warnOfSilence } from './checks/target-silence.ts';

const SETTLE_MS = 1000;

const parameters = defineParameters({
  region_id: regionId('ID of the region whose leader moves'),
  to_store_id: storeId('ID of the store of the new leader'),
});

type Parameters = InferParameters<typeof parameters>;

/** Moves the leader of one region to a store that holds a voter of it. */
export const transferLeader = defineRegionAction({
  name: 'transfer_leader',
  description: 'Transfer the leadership of a region to another store that holds a voter of it.',
  riskLevel: 'medium',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,
  request: {
    purpose: 'ask for the leader transfer',
    kind: 'transfer-leader',
    // PD wants no source: it moves the leader that the region has (PD API, operators).
    body: ({ to_store_id }) => ({ to_store_id: Number(to_store_id) }),
    toOperator: ({ to_store_id }, plan) => ({
      description: 'admin-transfer-leader',
      brief: `transfer leader: store ${plan === null ? ANY_TEXT : plannedLeader(plan)} to ${to_store_id}`,
    }),
    answers: [
      [String.raw`region has no voter in store \d+`, 'NO_VOTER_ON_STORE'],
      [String.raw`cannot transfer leader to \d+: not (found|voter).*`, 'NO_VOTER_ON_STORE'],
      [String.raw`cannot transfer leader to \d+: unhealthy.*`, 'PEER_PENDING'],
    ],
  },
  read: () => Promise.resolve(null),
  plan: planTransfer,
  toEffect: ({ region_id, to_store_id }, plan) => ({
    targetStoreId: Number(to_store_id),
    isUndoneBy: (step) => isTransferFrom(step, to_store_id),
    // PD makes it with the leader that the region has.
    isProvenBy: ({ steps }) => steps.some((step) => isTransferFrom(step, to_store_id)),
    look: (pd, options) =>
      lookAtLeader({ regionId: region_id, toStoreId: to_store_id, plan }, pd, options),
  }),
});

function isTransferFrom(step: string, fromStoreId: string): boolean {
  return step.startsWith(`transfer leader from store ${fromStoreId} `);
}

async function planTransfer({
  wanted,
  situation,
  reads,
}: RegionPlanning<Parameters, null>): Promise<NothingToDo | RegionDraft> {
  const { region, stores, scheduling, placement } = situation;
  const targetId = Number(wanted.to_store_id);
  if (region.leader.storeId === targetId) {
    return nothingToDo(`Store ${targetId} already leads region ${region.id}.`, {
      regionId: region.id,
      leaderStoreId: wanted.to_store_id,
    });
  }
  const target = requireStore(await findStore(stores, targetId, reads), targetId);
  requireTargetStore(target, { stores, scheduling });
  requireLeaderCandidate(region, targetId);
  await refuseGrantedElsewhere({ region, targetId, scheduling }, reads.pd, reads);
  const warnings = checkLeaderPlacement({ region, target, stores, placement });
  return toDraft(situation, target, warnings);
}

function toDraft(
  { region, stores }: RegionSituation,
  target: PDStore,
  warnings: readonly string[],
): RegionDraft {
  const from = String(region.leader.storeId);
  const to = String(target.id);
  return {
    summary: `Transfer the leader of region ${region.id} from store ${from} to store ${to}.`,
    bound: [storeStateFact(target), { name: `store:${to} is drained`, value: false }],
    shown: [silenceFact(target, stores), ...storeLoadFacts(target)],
    effects: [
      {
        resource: `region:${region.id}`,
        description: `the leader moves from store ${from} to store ${to}`,
        before: from,
        after: to,
      },
    ],
    impact: toImpact({ leaders: 1, regions: 1, movedMiB: 0 }),
    warnings: [...warnOfSilence(target, stores), ...warnings],
    storeIds: [region.leader.storeId, target.id],
    inverse: {
      action: 'transfer_leader',
      parameters: { region_id: region.id, to_store_id: from },
    },
    // PD gives the operator up after its one step's time.
    deadlineMs: fastStepMs(region.approximateSizeMiB) + GRACE_MS,
    settleMs: SETTLE_MS,
  };
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
