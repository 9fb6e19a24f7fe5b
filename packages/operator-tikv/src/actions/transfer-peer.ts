import { draft, nothingToDo } from 'operator-core';
import type {
  Fact,
  InferParameters,
  OrUnknown,
  PlanContext,
  PlanDraft,
  PlannedRequest,
  PlanOutcome,
} from 'operator-core';
import { defineParameters } from '../contract/define-parameters.ts';
import { cancelWay } from './cancel-operator.ts';
import { requirePrepared } from './check-prepared.ts';
import { defineAction } from '../contract/define.ts';
import { pdPost, transferPeerOperator } from '../pd/index.ts';
import type { PDOperatorState, PDPeer, PDRegion, PDStore } from '../pd/index.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import {
  describePeer,
  peerOn,
  refuseRunningOperator,
  requireMovablePeer,
  requireRegion,
  warnOfReplacedOperator,
} from './check-region.ts';
import type { LedRegion, PeerFact } from './check-region.ts';
import { checkPeerPlacement } from './check-peer-placement.ts';
import { requireLearnerTarget, requireStore, requireTargetStore } from './check-target-store.ts';
import { readCheckerRound } from './checker-round.ts';
import { transferPeerDeadlineMs } from './deadlines.ts';
import {
  availableFact,
  lastOperatorFact,
  regionFacts,
  regionSizeFact,
  storeLoadFacts,
  storeStateFact,
  toImpact,
} from './evidence.ts';
import { regionId, storeId } from '../contract/id-schemas.ts';
import { describeRole, isMoved, lookAtPeers } from './look-at-peers.ts';
import { limitFacts, readStoreLimits, rulesFact, warnOfLimits } from './placement-facts.ts';
import type { StoreLimits } from './placement-facts.ts';
import { requireQuorum, warnOfUnhealthyVoters } from './quorum.ts';
import { findStore } from './read-target-store.ts';
import { readPlacement } from '../placement/read-placement.ts';
import type { Placement } from '../placement/read-placement.ts';
import { readScheduling } from '../reads/scheduling.ts';
import { readStoreList } from '../reads/store-list.ts';
import { orRefused, refuseWith } from './refusals.ts';
import { silenceFact, warnOfSilence } from './target-silence.ts';
import { verifyOperator } from './verify-operator.ts';

/** Everything that the plan is made from, read at one time. */
interface Situation {
  readonly region: LedRegion;
  readonly source: PDPeer;
  readonly target: PDStore;
  readonly operator: PDOperatorState | null;
  readonly stores: readonly PDStore[];
  readonly settleMs: number;
  readonly placement: OrUnknown<Placement>;
  readonly limits: StoreLimits;
  readonly warnings: readonly string[];
}

const parameters = defineParameters({
  region_id: regionId('ID of the region whose peer moves'),
  from_store_id: storeId('ID of the store that loses the peer'),
  to_store_id: storeId('ID of the store that gets the peer'),
});

type Parameters = InferParameters<typeof parameters>;

/** Moves one peer of a region, of any role, from a store to another. */
export const transferPeer = defineAction({
  name: 'transfer_peer',
  description: 'Move a peer of a region from one store to another that holds none of it.',
  riskLevel: 'high',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,

  plan: (context) => orRefused(() => planTransfer(context)),

  cancel: ({ parameters: wanted }) =>
    cancelWay(wanted.region_id, transferPeerOperator(wanted.from_store_id, wanted.to_store_id)),

  verify({ parameters: { region_id, from_store_id, to_store_id }, ...context }) {
    const { plan, subject } = context;
    const [from, to] = [Number(from_store_id), Number(to_store_id)];
    const wanted = { regionId: region_id, from, to, plan };
    return verifyOperator({
      regionId: region_id,
      ...transferPeerOperator(from_store_id, to_store_id),
      context,
      targetStoreId: to,
      isUndoneBy: (step) => step === `remove peer on store ${to_store_id}`,
      // A peer that another operator removes may have been a learner that never became more.
      isProvenBy: () => false,
      look: (options) => lookAtPeers(wanted, subject.pd, options),
    });
  },
});

/** Request for the peer transfer (PD API, operators). */
export function transferPeerRequest({
  region_id,
  from_store_id,
  to_store_id,
}: Parameters): PlannedRequest {
  return pdPost('ask for the peer transfer', '/operators', {
    name: 'transfer-peer',
    region_id,
    from_store_id: Number(from_store_id),
    to_store_id: Number(to_store_id),
  });
}

async function planTransfer(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { parameters: wanted, signal } = context;
  const { pd } = context.subject;
  const [from, to] = [Number(wanted.from_store_id), Number(wanted.to_store_id)];
  if (from === to) {
    refuseWith('SAME_STORE', `Source and target are both store ${to}.`, { storeId: String(to) });
  }
  const config = pd.getConfig({ signal });
  const schedule = config.then((whole) => whole.schedule);
  const [found, stores, operator, placement, limits, scheduling, settleMs] = await Promise.all([
    pd.getRegion(wanted.region_id, { signal }),
    readStoreList(pd, { signal }),
    pd.getOperator(wanted.region_id, { signal }),
    readPlacement(pd, wanted.region_id, { signal, config }),
    readStoreLimits(pd, { signal }),
    readScheduling(pd, { signal, config: schedule }),
    readCheckerRound(pd, { signal, config: schedule }),
  ]);
  requirePrepared(scheduling);
  const region = requireRegion(found, wanted.region_id);
  const done = findDone(region, from, to);
  if (done !== null) return done;
  const giver = requireStore(await findStore(stores, from, { pd, signal }), from);
  const target = requireStore(await findStore(stores, to, { pd, signal }), to);
  const isLearner = peerOn(region, from)?.role === 'Learner';
  if (isLearner) requireLearnerTarget(target, { stores, giver });
  else requireTargetStore(target, { stores, scheduling });
  const source = requireMovablePeer(region, from, to);
  requireQuorum(region, source, stores);
  refuseRunningOperator(operator, region.id);
  const warnings = checkPeerPlacement({ region, source, target, stores, scheduling }, placement);
  const checked = { region, source, target, operator, warnings };
  return toDraft({ ...checked, stores, settleMs, placement, limits });
}

/** Outcome of a move that is done already; `null` when the peer is still to move. */
function findDone(region: PDRegion, from: number, to: number): PlanOutcome | null {
  const moved = peerOn(region, to);
  if (moved === undefined || !isMoved(region, { from, to })) return null;
  const role = describeRole(moved).toLowerCase();
  return nothingToDo(
    `Region ${region.id} has a healthy ${role} on store ${to} and no peer on store ${from}.`,
    { regionId: region.id, peers: region.peers.map(describePeer) },
  );
}

function toDraft(situation: Situation): PlanDraft {
  const { region, source, target } = situation;
  const from = source.storeId;
  const leads = region.leader.storeId === from;
  const move = {
    region_id: region.id,
    from_store_id: String(from),
    to_store_id: String(target.id),
  };
  return draft({
    summary: `Move the peer of region ${region.id} from store ${from} to store ${target.id}.`,
    evidence: {
      bound: [...regionFacts(region), storeStateFact(target), peersFact(region)],
      shown: shownFacts(situation),
    },
    effects: [
      {
        resource: `region:${region.id}`,
        description: `a ${describeRole(source).toLowerCase()} on store ${target.id} takes the place of the one on store ${from}`,
        before: region.peers.map(describePeer),
        after: region.peers.map((peer) => afterMove(peer, from, target.id)),
      },
    ],
    impact: toImpact({
      leaders: leads ? 1 : 0,
      regions: 1,
      movedMiB: source.isWitness ? 0 : region.approximateSizeMiB,
    }),
    warnings: warningsOf(situation, leads),
    requests: [transferPeerRequest(move)],
    resources: [
      { resource: `region:${region.id}`, mode: 'exclusive' },
      { resource: `store:${from}`, mode: 'shared' },
      { resource: `store:${target.id}`, mode: 'shared' },
    ],
    inverse: {
      action: 'transfer_peer',
      parameters: {
        region_id: region.id,
        from_store_id: String(target.id),
        to_store_id: String(from),
      },
    },
    deadlineMs: transferPeerDeadlineMs(region.approximateSizeMiB),
    settleMs: situation.settleMs,
  });
}

function shownFacts(situation: Situation): readonly Fact[] {
  const { region, source, target, operator, placement, limits } = situation;
  return [
    regionSizeFact(region),
    silenceFact(target, situation.stores),
    ...storeLoadFacts(target),
    availableFact(target),
    rulesFact(region.id, placement),
    ...limitFacts(limits, { from: source.storeId, to: target.id }),
    lastOperatorFact(region.id, operator),
  ];
}

function peersFact(region: PDRegion): Fact {
  return { name: `region:${region.id} peers`, value: region.peers.map(describePeer) };
}

/** PD keeps the role of the peer that it moves (PD 6.5.12 and 8.5.7, handler of the operators). */
function afterMove(peer: PDPeer, from: number, to: number): PeerFact {
  return describePeer(peer.storeId === from ? { ...peer, storeId: to } : peer);
}

function warningsOf(situation: Situation, leads: boolean): readonly string[] {
  const { region, operator, source, target, stores, limits, warnings } = situation;
  return [
    ...warnOfSilence(target, stores),
    ...warnOfReplacedOperator(operator),
    ...(leads
      ? [`Store ${source.storeId} leads the region: the leader moves to another voter first.`]
      : []),
    ...warnOfUnhealthyVoters(region, stores),
    ...warnings,
    ...warnOfLimits(limits, { from: source.storeId, to: target.id }),
  ];
}
