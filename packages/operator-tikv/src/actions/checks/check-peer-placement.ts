import type { PeerMovePlan } from './peer-move-plan.ts';
import { isUnknown } from 'operator-core';
import type { JsonObject, OrUnknown, Unknown } from 'operator-core';
import type { PDPeer } from '../../pd/index.ts';
import { countFaults, describeRule, findBrokenRules } from '../../placement/compare-fits.ts';
import { predictFit } from '../../placement/predict-fit.ts';
import type { Prediction } from '../../placement/predict-fit.ts';
import type { Placement } from '../../placement/read-placement.ts';
import { spaceAfter } from '../../placement/space.ts';
import { checkDomains } from './check-domains.ts';
import { byId, mayLeadAtAll, whyNoLeader } from './check-leader-placement.ts';
import { otherLeaderStores } from './leader-stores.ts';
import { refuseWith } from './refusals.ts';

/** PD gives the peer on the target a new id, which is the greatest. */
const NEW_PEER_ID = Number.MAX_SAFE_INTEGER;

/**
 * Refuses a move that breaks a placement rule, puts replicas into one failure domain that the isolation
 * level keeps apart, fills a store, leaves no store that may lead, or is taken back by PD's checkers.
 * Returns warnings.
 */
export function checkPeerPlacement(
  move: PeerMovePlan,
  placement: OrUnknown<Placement>,
): readonly string[] {
  if (isUnknown(placement)) return refuseUnknown(move, placement);
  const prediction = predictMove(move, placement);
  if (isUnknown(prediction)) return refuseUnknown(move, prediction);
  refuseBrokenRules(move, prediction);
  return [...checkSpace(move, placement), ...checkDomains(move, { placement, prediction })];
}

function refuseUnknown({ region, target }: PeerMovePlan, { unknown }: Unknown): never {
  return refuseWith(
    'PLACEMENT_UNKNOWN',
    `It is unknown if region ${region.id} may have a peer on store ${target.id}: ${unknown}.`,
    { regionId: region.id, storeId: String(target.id), reason: unknown },
  );
}

/** Best result of the move: PD chooses another leader when the present one gives up its peer. */
function predictMove(move: PeerMovePlan, placement: Placement): OrUnknown<Prediction> {
  const { region, stores } = move;
  const peers = peersAfter(move);
  const predictions: Prediction[] = [];
  for (const leader of leadersAfter(move, { peers, placement })) {
    const after = { peers, leader };
    const prediction = predictFit({ region, placement, stores: byId(stores), after });
    if (isUnknown(prediction)) return prediction;
    predictions.push(prediction);
  }
  const [best] = predictions.toSorted(
    (one, other) => countFaults(one.after) - countFaults(other.after),
  );
  return best ?? refuseLeaderless(move, placement);
}

/** PD keeps the role of the peer that moves. */
function peersAfter({ region, source, target }: PeerMovePlan): readonly PDPeer[] {
  const moved = { ...source, id: NEW_PEER_ID, storeId: target.id };
  return region.peers.map((peer) => (peer.id === source.id ? moved : peer));
}

function leadersAfter(
  { region, source, stores, scheduling }: PeerMovePlan,
  { peers, placement }: { readonly peers: readonly PDPeer[]; readonly placement: Placement },
): readonly PDPeer[] {
  const { leader } = region;
  if (leader !== null && leader.id !== source.id) return [leader];
  const leaving = stores.find(({ id }) => id === source.storeId) ?? null;
  const allowed = otherLeaderStores(leaving, stores, scheduling).filter(
    (store) => !store.isBusy && whyNoLeader(store, placement) === null,
  );
  return peers.filter(
    (peer) => mayLeadAtAll(peer) && allowed.some(({ id }) => id === peer.storeId),
  );
}

function refuseLeaderless({ region, source, target }: PeerMovePlan, placement: Placement): never {
  return refuseWith(
    'RULE_NOT_MET',
    `Store ${source.storeId} leads region ${region.id}, and none of its other voters may lead it after the move.`,
    {
      regionId: region.id,
      storeId: String(target.id),
      rules: placement.rules.map(describeRule),
    },
  );
}

function refuseBrokenRules(
  { region, source, target }: PeerMovePlan,
  { before, after }: Prediction,
): void {
  const broken = findBrokenRules(before, after);
  if (broken.length === 0 && after.orphans.length <= before.orphans.length) return;
  const rules = broken.map(({ rule, peers, wrongRole }): JsonObject => {
    const { groupId, id, count } = rule;
    return { groupId, id, rule: describeRule(rule), wanted: count, after: peers, wrongRole };
  });
  const words = broken.map(
    ({ rule, peers, wrongRole }) =>
      `${describeRule(rule)} would have ${peers - wrongRole} of ${rule.count}`,
  );
  refuseWith(
    'RULE_NOT_MET',
    `The move from store ${source.storeId} to store ${target.id} breaks a placement rule of region ${region.id}: ${words.join('; ') || 'no rule wants the peer there'}. PD accepts it, and its rule checker takes it back.`,
    { regionId: region.id, storeId: String(target.id), labels: target.labels, rules },
  );
}

function checkSpace(
  { region, target }: PeerMovePlan,
  { config }: Pick<Placement, 'config'>,
): readonly string[] {
  const { approximateSizeMiB } = region;
  const { lowSpaceRatio } = config.schedule;
  const space = spaceAfter(target, approximateSizeMiB, { lowSpaceRatio });
  if (space === null) return [`How much space is left on store ${target.id} is not known.`];
  if (!space.isLow) return [];
  return refuseWith(
    'STORE_LOW_SPACE',
    `Store ${target.id} would have ${toGiB(space.afterBytes)} of ${toGiB(space.capacityBytes)} left; PD wants ${toGiB(space.reservedBytes)} free (low-space-ratio ${lowSpaceRatio}).`,
    {
      storeId: String(target.id),
      availableBytes: space.availableBytes,
      availableAfterBytes: space.afterBytes,
      capacityBytes: space.capacityBytes,
      lowSpaceRatio,
      regionSizeMiB: approximateSizeMiB,
    },
  );
}

function toGiB(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
