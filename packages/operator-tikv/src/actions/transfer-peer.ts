import { nothingToDo } from 'operator-core';
import type { Fact, InferParameters, NothingToDo } from 'operator-core';
import { defineParameters } from '../contract/define-parameters.ts';
import { regionId, storeId } from '../contract/id-schemas.ts';
import type { PDPeer, PDRegion, PDStore } from '../pd/index.ts';
import { checkPeerPlacement } from './checks/check-peer-placement.ts';
import { describePeer, peerOn, requireMovablePeer } from './checks/check-region.ts';
import type { PeerFact } from './checks/check-region.ts';
import {
  requireLearnerTarget,
  requireStore,
  requireTargetStore,
} from './checks/check-target-store.ts';
import { checkerRoundMs } from './verifying/checker-round.ts';
import { addLearnerMs, fastStepMs, GRACE_MS } from './verifying/deadlines.ts';
import { defineRegionAction } from './define-region-action.ts';
import type { PlanReads, RegionPlanning } from './define-region-action.ts';
import { availableFact, storeLoadFacts, storeStateFact, toImpact } from './situation/evidence.ts';
import { describeRole, isMoved, lookAtPeers } from './verifying/look-at-peers.ts';
import { limitFacts, readStoreLimits, warnOfLimits } from './situation/placement-facts.ts';
import type { StoreLimits } from './situation/placement-facts.ts';
import { requireQuorum, warnOfUnhealthyVoters } from './checks/quorum.ts';
import { findStore } from './situation/read-target-store.ts';
import { refuseWith } from './checks/refusals.ts';
import type { RegionDraft } from './situation/region-draft.ts';
import type { RegionSituation } from './situation/region-situation.ts';
import { silenceFact, warnOfSilence } from './checks/target-silence.ts';

/** Readings of this action alone. */
interface More {
  readonly limits: StoreLimits;
  /** Number of regions of the cluster. */
  readonly regions: number;
}

/** The move, with everything that it is planned from. */
interface Move extends More {
  readonly situation: RegionSituation;
  readonly source: PDPeer;
  readonly target: PDStore;
  readonly warnings: readonly string[];
}

const parameters = defineParameters({
  region_id: regionId('ID of the region whose peer moves'),
  from_store_id: storeId('ID of the store that loses the peer'),
  to_store_id: storeId('ID of the store that gets the peer'),
});

type Parameters = InferParameters<typeof parameters>;

/** Moves one peer of a region, of any role, from a store to another. */
export const transferPeer = defineRegionAction({
  name: 'transfer_peer',
  description: 'Move a peer of a region from one store to another that holds none of it.',
  riskLevel: 'high',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,
  request: {
    purpose: 'ask for the peer transfer',
    kind: 'transfer-peer',
    body: ({ from_store_id, to_store_id }) => ({
      from_store_id: Number(from_store_id),
      to_store_id: Number(to_store_id),
    }),
    toOperator: ({ from_store_id, to_store_id }) => ({
      description: 'admin-move-peer',
      brief: `mv peer: store [${from_store_id}] to [${to_store_id}]`,
    }),
    answers: [
      [String.raw`region has no peer in store \d+`, 'NO_PEER_ON_STORE'],
      [
        'region already has peer in store \\d+|cannot add peer .*: already have peer .*',
        'PEER_ALREADY_ON_STORE',
      ],
      ['cannot create operator: target peers have no voter', 'RULE_NOT_MET'],
    ],
  },
  read: readMore,
  plan: planTransfer,
  toEffect: ({ region_id, from_store_id, to_store_id }, plan) => {
    const [from, to] = [Number(from_store_id), Number(to_store_id)];
    return {
      targetStoreId: to,
      isUndoneBy: (step) => step === `remove peer on store ${to_store_id}`,
      // A peer that another operator removes may have been a learner that never became more.
      isProvenBy: () => false,
      look: (pd, options) => lookAtPeers({ regionId: region_id, from, to, plan }, pd, options),
    };
  },
});

/** PD's limits for adding a learner, entering and leaving the joint state (moving the leader if need be), and removing. */
function toDeadlineMs(sizeMiB: number): number {
  return addLearnerMs(sizeMiB) + 4 * fastStepMs(sizeMiB) + GRACE_MS;
}

async function readMore({ pd, signal }: PlanReads): Promise<More> {
  const [limits, regions] = await Promise.all([
    readStoreLimits(pd, { signal }),
    pd.getRegionCount({ signal }),
  ]);
  return { limits, regions };
}

async function planTransfer({
  wanted,
  situation,
  more,
  reads,
}: RegionPlanning<Parameters, More>): Promise<NothingToDo | RegionDraft> {
  const { region, stores, scheduling, placement } = situation;
  const [from, to] = [Number(wanted.from_store_id), Number(wanted.to_store_id)];
  if (from === to) {
    refuseWith('SAME_STORE', `Source and target are both store ${to}.`, { storeId: String(to) });
  }
  const done = findDone(region, from, to);
  if (done !== null) return done;
  const giver = requireStore(await findStore(stores, from, reads), from);
  const target = requireStore(await findStore(stores, to, reads), to);
  const isLearner = peerOn(region, from)?.role === 'Learner';
  if (isLearner) requireLearnerTarget(target, { stores, giver });
  else requireTargetStore(target, { stores, scheduling });
  const source = requireMovablePeer(region, from, to);
  requireQuorum(region, source, stores);
  const warnings = checkPeerPlacement({ region, source, target, stores, scheduling }, placement);
  return toDraft({ situation, source, target, warnings, ...more });
}

/** Outcome of a move that is done already; `null` when the peer is still to move. */
function findDone(region: PDRegion, from: number, to: number): NothingToDo | null {
  const moved = peerOn(region, to);
  if (moved === undefined || !isMoved(region, { from, to })) return null;
  const role = describeRole(moved).toLowerCase();
  return nothingToDo(
    `Region ${region.id} has a healthy ${role} on store ${to} and no peer on store ${from}.`,
    { regionId: region.id, peers: region.peers.map(describePeer) },
  );
}

function toDraft(move: Move): RegionDraft {
  const { source, target } = move;
  const { region, config } = move.situation;
  const from = source.storeId;
  return {
    summary: `Move the peer of region ${region.id} from store ${from} to store ${target.id}.`,
    bound: [storeStateFact(target), peersFact(region)],
    shown: shownFacts(move),
    effects: [
      {
        resource: `region:${region.id}`,
        description: `a ${describeRole(source).toLowerCase()} on store ${target.id} takes the place of the one on store ${from}`,
        before: region.peers.map(describePeer),
        after: region.peers.map((peer) => afterMove(peer, from, target.id)),
      },
    ],
    impact: toImpact({
      leaders: region.leader.storeId === from ? 1 : 0,
      regions: 1,
      movedMiB: source.isWitness ? 0 : region.approximateSizeMiB,
    }),
    warnings: warningsOf(move),
    storeIds: [from, target.id],
    inverse: {
      action: 'transfer_peer',
      parameters: {
        region_id: region.id,
        from_store_id: String(target.id),
        to_store_id: String(from),
      },
    },
    deadlineMs: toDeadlineMs(region.approximateSizeMiB),
    settleMs: checkerRoundMs(move.regions, config.schedule),
  };
}

function shownFacts({ situation, source, target, limits }: Move): readonly Fact[] {
  return [
    silenceFact(target, situation.stores),
    ...storeLoadFacts(target),
    availableFact(target),
    ...limitFacts(limits, { from: source.storeId, to: target.id }),
  ];
}

function peersFact(region: PDRegion): Fact {
  return { name: `region:${region.id} peers`, value: region.peers.map(describePeer) };
}

/** PD keeps the role of the peer that it moves (PD 6.5.12 and 8.5.7, handler of the operators). */
function afterMove(peer: PDPeer, from: number, to: number): PeerFact {
  return describePeer(peer.storeId === from ? { ...peer, storeId: to } : peer);
}

function warningsOf(move: Move): readonly string[] {
  const { source, target, limits, warnings } = move;
  const { region, stores } = move.situation;
  const leads = region.leader.storeId === source.storeId;
  return [
    ...warnOfSilence(target, stores),
    ...(leads
      ? [`Store ${source.storeId} leads the region: the leader moves to another voter first.`]
      : []),
    ...warnOfUnhealthyVoters(region, stores),
    ...warnings,
    ...warnOfLimits(limits, { from: source.storeId, to: target.id }),
  ];
}
