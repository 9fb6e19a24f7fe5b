import type { PDPeer, PDRule, PDStore } from '../../pd/index.ts';
import type { Fit, RuleFit } from '../../placement/fit-region.ts';
import { findDomainLoss, isolationScore } from '../../placement/isolation.ts';
import type { DomainLoss } from '../../placement/isolation.ts';
import { meetsConstraints } from '../../placement/labels.ts';
import type { Prediction } from '../../placement/predict-fit.ts';
import type { Placement } from '../../placement/read-placement.ts';
import { spaceAfter } from '../../placement/space.ts';
import type { PeerMovePlan } from './peer-move-plan.ts';
import { refuseWith } from './refusals.ts';

/** Placement of a region before and after a move. */
interface Judged {
  readonly placement: Placement;
  readonly prediction: Prediction;
}

/** A move of a voter into a failure domain that holds another one already. */
interface Loss extends DomainLoss {
  readonly voters: number;
  readonly rule: PDRule;
}

/**
 * Looks whether the move puts voters together that failure domains kept apart. Refuses it where the
 * isolation level forbids it or where PD's checker would move a replica away again; otherwise warns.
 */
export function checkDomains(move: PeerMovePlan, judged: Judged): readonly string[] {
  const loss = findLoss(move, judged);
  if (loss === null) return [];
  const { region, target } = move;
  const facts = {
    regionId: region.id,
    storeId: String(target.id),
    domain: loss.domain,
    votersInDomain: loss.replicas,
    voters: loss.voters,
    locationLabels: [...loss.rule.locationLabels],
    isolationLevel: loss.rule.isolationLevel,
  };
  const together = `${loss.replicas} of ${loss.voters} voters of region ${region.id} would be in ${loss.domain}`;
  if (isForbidden(loss)) {
    refuseWith(
      'ISOLATION_LOST',
      `${together}; the isolation level is ${loss.rule.isolationLevel}.`,
      facts,
    );
  }
  const better = findBetterStore(move, judged);
  if (better !== null) {
    refuseWith(
      'ISOLATION_LOST',
      `${together}. PD's checker would move one of them away again, as to store ${better.id}.`,
      { ...facts, betterStoreId: String(better.id) },
    );
  }
  return [`${together}: losing ${loss.domain} then ${consequence(loss)}.`];
}

function consequence({ replicas, voters }: Loss): string {
  return replicas > (voters - 1) / 2 ? 'loses the region' : 'costs more replicas than before';
}

function findLoss(
  { region, source, target, stores }: PeerMovePlan,
  { placement, prediction }: Judged,
): Loss | null {
  if (source.role !== 'Voter') return null;
  const rule = ruleOn(prediction.after, target.id)?.rule ?? placement.rules[0];
  if (rule === undefined) return null;
  const labels =
    rule.locationLabels.length > 0
      ? rule.locationLabels
      : placement.config.replication.locationLabels;
  const before = region.peers.filter(({ role }) => role === 'Voter');
  const after = before.map((peer) =>
    peer.id === source.id ? { ...peer, storeId: target.id } : peer,
  );
  const loss = findDomainLoss(
    { before: storesOf(before, stores), after: storesOf(after, stores), target },
    labels,
  );
  return loss === null ? null : { ...loss, voters: after.length, rule };
}

function isForbidden({ level, rule }: Loss): boolean {
  const levels = rule.locationLabels;
  const forbidden = levels.indexOf(rule.isolationLevel);
  return forbidden !== -1 && levels.indexOf(level) <= forbidden;
}

/** A store to which PD's checker would move a replica of the same rule, because it is farther from the others. */
function findBetterStore(move: PeerMovePlan, judged: Judged): PDStore | null {
  const { target, stores } = move;
  const { placement, prediction } = judged;
  const after = ruleOn(prediction.after, target.id);
  const before = ruleOn(prediction.before, move.source.storeId);
  const isWorse = (after?.isolationScore ?? 0) < (before?.isolationScore ?? 0);
  if (after === undefined || !isWorse || !mayReplace(placement)) return null;
  const others = storesOf(after.peers, stores).filter(({ id }) => id !== target.id);
  const labels = after.rule.locationLabels;
  const better = stores.filter(
    (store) =>
      isReceiver(store, { move, after, placement }) &&
      isolationScore([...others, store], labels) > after.isolationScore,
  );
  return better.find(({ id }) => id === move.source.storeId) ?? better[0] ?? null;
}

/** True when PD's checkers look for better locations at all. */
function mayReplace({ config: { schedule, replication } }: Placement): boolean {
  if (schedule.replicaScheduleLimit === 0 || schedule.haltScheduling) return false;
  return replication.enablePlacementRules || schedule.raw['enable-location-replacement'] === 'true';
}

function isReceiver(
  store: PDStore,
  found: { readonly move: PeerMovePlan; readonly after: RuleFit; readonly placement: Placement },
): boolean {
  const { region, source } = found.move;
  const isFree =
    store.id === source.storeId || !region.peers.some(({ storeId }) => storeId === store.id);
  return (
    isFree &&
    store.id !== found.move.target.id &&
    store.state === 'Up' &&
    store.isHeard &&
    meetsConstraints(store, found.after.rule.constraints) &&
    spaceAfter(store, 0, found.placement.config.schedule)?.isLow !== true
  );
}

function ruleOn({ rules }: Fit, storeId: number): RuleFit | undefined {
  return rules.find(({ peers }) => peers.some((peer) => peer.storeId === storeId));
}

function storesOf(peers: readonly PDPeer[], stores: readonly PDStore[]): readonly PDStore[] {
  return peers.flatMap(({ storeId }) => stores.find(({ id }) => id === storeId) ?? []);
}
