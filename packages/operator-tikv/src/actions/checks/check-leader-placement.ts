import { isUnknown } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import type { PDPeer, PDRegion, PDStore } from '../../pd/index.ts';
import { describeRule, findBrokenRules } from '../../placement/compare-fits.ts';
import { rejectingLabel, rulesAllowLeader } from '../../placement/labels.ts';
import { predictFit, withLeader } from '../../placement/predict-fit.ts';
import type { Placement } from '../../placement/read-placement.ts';
import { peerOn } from './check-region.ts';
import { refuseWith } from './refusals.ts';

/** A leader to move, with the data that decides if it may. */
export interface LeaderMove {
  readonly region: PDRegion;
  readonly target: PDStore;
  readonly stores: readonly PDStore[];
  readonly placement: OrUnknown<Placement>;
}

/**
 * Refuses a leader where a rule or a label property wants none, and one that PD's rule checker would move back.
 * Returns warnings: PD decides alone when its rules cannot be read.
 */
export function checkLeaderPlacement(move: LeaderMove): readonly string[] {
  const { region, target, placement } = move;
  if (isUnknown(placement)) {
    return [
      `It is unknown if the placement rules allow the leader: ${placement.unknown}. PD decides.`,
    ];
  }
  const reason = whyNoLeader(target, placement);
  if (reason !== null) {
    refuseWith(
      'LEADER_NOT_ALLOWED',
      `Store ${target.id} may not lead region ${region.id}: ${reason}.`,
      {
        regionId: region.id,
        storeId: String(target.id),
        labels: target.labels,
        rules: placement.rules.map(describeRule),
      },
    );
  }
  refuseFixedBack(move);
  return [];
}

/**
 * Reason, as a clause, that the placement of a region keeps its leader from a store; `null` when it does not.
 */
export function whyNoLeader(
  store: PDStore,
  { rules, config }: Pick<Placement, 'rules' | 'config'>,
): string | null {
  const label = rejectingLabel(store, config.labelProperties);
  if (label !== null) return `the label property reject-leader applies to ${label}`;
  if (rules.length === 0) return 'no placement rule applies to the whole region';
  if (!config.replication.enablePlacementRules || rulesAllowLeader(store, rules)) return null;
  return `no placement rule wants a leader or voter there (${rules.map(describeRule).join('; ')})`;
}

function refuseFixedBack({ region, target, stores, placement }: LeaderMove): void {
  const leader = peerOn(region, target.id);
  if (leader === undefined) return;
  const prediction = predictFit({
    region,
    placement,
    stores: byId(stores),
    after: withLeader(region, leader),
  });
  if (isUnknown(prediction)) return;
  const broken = findBrokenRules(prediction.before, prediction.after);
  if (broken.length === 0) return;
  const rules = broken.map(({ rule }) => describeRule(rule));
  refuseWith(
    'RULE_NOT_MET',
    `With its leader on store ${target.id} region ${region.id} breaks ${rules.join(' and ')}: PD's rule checker would move the leader back.`,
    { regionId: region.id, storeId: String(target.id), rules },
  );
}

/** Stores by id. */
export function byId(stores: readonly PDStore[]): ReadonlyMap<number, PDStore> {
  return new Map(stores.map((store) => [store.id, store]));
}

/** A voter that holds the data, which alone may lead. */
export function mayLeadAtAll(peer: PDPeer): boolean {
  return peer.role === 'Voter' && !peer.isWitness;
}
