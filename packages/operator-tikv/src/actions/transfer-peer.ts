import { draft, nothingToDo } from 'operator-core';
import type {
  Fact,
  InferParameters,
  PlanContext,
  PlanDraft,
  PlanOutcome,
  Verification,
} from 'operator-core';
import { defineParameters } from '../define-parameters.ts';
import { requirePrepared } from './check-prepared.ts';
import { defineAction } from '../define.ts';
import { transferPeerOperator, transferPeerRequest } from '../pd/index.ts';
import type { PDOperatorState, PDPeer, PDRegion, PDStore } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';
import type { TiKVReads } from '../tikv-reads.ts';
import {
  describePeer,
  isDown,
  isInJointState,
  isPending,
  peerOn,
  refuseRunningOperator,
  requireRegion,
  warnOfReplacedOperator,
} from './check-region.ts';
import type { LedRegion } from './check-region.ts';
import { requireStore, requireTargetStore } from './check-target-store.ts';
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
import { regionId, storeId } from '../id-schemas.ts';
import { countHealthyVoters, requireQuorum } from './quorum.ts';
import { findStore } from './read-target-store.ts';
import { readScheduling } from '../reads/scheduling.ts';
import { orRefused, refuseWith } from './refusals.ts';
import { verifyOperator } from './verify-operator.ts';

/** PD's checkers look at a region at every heartbeat and take back at once what breaks a rule. */
const SETTLE_MS = 3000;

/** Everything that the plan is made from, read at one time. */
interface Situation {
  readonly region: LedRegion;
  readonly from: number;
  readonly target: PDStore;
  readonly operator: PDOperatorState | null;
  readonly stores: readonly PDStore[];
}

const parameters = defineParameters({
  region_id: regionId('ID of the region whose peer moves'),
  from_store_id: storeId('ID of the store that gives its peer up'),
  to_store_id: storeId('ID of the store that is to hold the peer'),
});

type Parameters = InferParameters<typeof parameters>;

/** Moves one voter of a region from a store to another. */
export const transferPeer = defineAction({
  name: 'transfer_peer',
  description: 'Move a peer of a region from one store to another that holds none of it.',
  riskLevel: 'high',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,

  plan: (context) => orRefused(() => planTransfer(context)),

  cancel: ({ parameters: { region_id } }) => ({
    action: 'cancel_operator',
    parameters: { region_id },
  }),

  verify({ parameters: wanted, plan, sentAt, subject: { pd }, signal }) {
    return verifyOperator({
      regionId: wanted.region_id,
      ...transferPeerOperator(wanted.from_store_id, wanted.to_store_id),
      plan,
      sentAt,
      pd,
      signal,
      look: () => lookAtPeers(wanted, pd, signal),
    });
  },
});

async function planTransfer(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { parameters: wanted, signal } = context;
  const { pd } = context.subject;
  const [from, to] = [Number(wanted.from_store_id), Number(wanted.to_store_id)];
  if (from === to) {
    refuseWith('SAME_STORE', `Source and target are both store ${to}.`, { storeId: String(to) });
  }
  const [found, stores, operator, scheduling] = await Promise.all([
    pd.getRegion(wanted.region_id, { signal }),
    pd.getStores({ signal }),
    pd.getOperator(wanted.region_id, { signal }),
    readScheduling(pd, { signal }),
  ]);
  requirePrepared(scheduling);
  const region = requireRegion(found, wanted.region_id);
  if (isMoved(region, from, to)) {
    return nothingToDo(
      `Region ${region.id} has a healthy voter on store ${to} and no peer on store ${from}.`,
      {
        regionId: region.id,
        peers: region.peers.map(describePeer),
      },
    );
  }
  requireStore(await findStore(stores, from, { pd, signal }), from);
  const target = requireStore(await findStore(stores, to, { pd, signal }), to);
  requireTargetStore(target, { stores, scheduling });
  const source = requireMovablePeer(region, from, to);
  requireQuorum(region, source, stores);
  refuseRunningOperator(operator, region.id);
  return toDraft({ region, from, target, operator, stores });
}

function toDraft(situation: Situation): PlanDraft {
  const { region, from, target, operator } = situation;
  const leads = region.leader.storeId === from;
  const move = { regionId: region.id, fromStoreId: from, toStoreId: target.id };
  return draft({
    summary: `Move the peer of region ${region.id} from store ${from} to store ${target.id}.`,
    evidence: {
      bound: [...regionFacts(region), storeStateFact(target), peersFact(region)],
      shown: [
        regionSizeFact(region),
        ...storeLoadFacts(target),
        availableFact(target),
        lastOperatorFact(region.id, operator),
      ],
    },
    effects: [
      {
        resource: `region:${region.id}`,
        description: `a voter on store ${target.id} takes the place of the one on store ${from}`,
        before: region.peers.map(describePeer),
        after: region.peers.map((peer) => afterMove(peer, from, target.id)),
      },
    ],
    impact: toImpact({
      leaders: leads ? 1 : 0,
      regions: 1,
      movedMiB: region.approximateSizeMiB,
    }),
    warnings: [...warnOfReplacedOperator(operator), ...warnings(situation, leads)],
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
    settleMs: SETTLE_MS,
  });
}

function peersFact(region: PDRegion): Fact {
  return { name: `region:${region.id} peers`, value: region.peers.map(describePeer) };
}

function afterMove(peer: PDPeer, from: number, to: number): { storeId: string; role: string } {
  return peer.storeId === from ? { storeId: String(to), role: 'Voter' } : describePeer(peer);
}

function warnings({ region, from, stores }: Situation, leads: boolean): readonly string[] {
  const healthy = countHealthyVoters(region.peers, region, stores);
  const voters = region.peers.filter(({ role }) => role === 'Voter').length;
  return [
    ...(leads ? [`Store ${from} leads the region: the leader moves to another voter first.`] : []),
    ...(healthy < voters
      ? [
          `Only ${healthy} of ${voters} voters are healthy: one more failure during the move can cost the majority.`,
        ]
      : []),
  ];
}

function requireMovablePeer(region: PDRegion, from: number, to: number): PDPeer {
  const facts = { regionId: region.id, peers: region.peers.map(describePeer) };
  const source = peerOn(region, from);
  if (source === undefined) {
    refuseWith('NO_PEER_ON_STORE', `Region ${region.id} has no peer on store ${from}.`, facts);
  }
  if (source.role !== 'Voter') {
    refuseWith('NO_VOTER_ON_STORE', `The peer on store ${from} is a ${source.role}.`, facts);
  }
  if (peerOn(region, to) !== undefined) {
    refuseWith(
      'PEER_ALREADY_ON_STORE',
      `Region ${region.id} already has a peer on store ${to}.`,
      facts,
    );
  }
  return source;
}

function isMoved(region: PDRegion, from: number, to: number): boolean {
  const peer = peerOn(region, to);
  return (
    peer?.role === 'Voter' &&
    !isPending(region, peer) &&
    !isDown(region, peer) &&
    peerOn(region, from) === undefined &&
    !region.peers.some(isInJointState)
  );
}

async function lookAtPeers(
  wanted: Parameters,
  pd: PDClient,
  signal: AbortSignal,
): Promise<Verification> {
  const region = await pd.getRegion(wanted.region_id, { signal });
  if (region === null) {
    return {
      state: 'failed',
      summary: `Region ${wanted.region_id} is gone; it may have been merged.`,
      facts: { regionId: wanted.region_id },
    };
  }
  const peers = region.peers.map(describePeer);
  const places = peers.map(({ storeId: id, role }) => `${id} (${role})`).join(', ');
  return {
    state: isMoved(region, Number(wanted.from_store_id), Number(wanted.to_store_id))
      ? 'reached'
      : 'pending',
    summary: `Region ${region.id} has peers on stores ${places}.`,
    facts: { regionId: region.id, peers },
  };
}
