import { isUnknown, unknownBecause } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import type { PDPeer, PDRegion, PDRegionFit } from '../pd/index.ts';
import { fitRegion } from './fit-region.ts';
import type { Fit, FitInput } from './fit-region.ts';
import type { Labelled } from './labels.ts';
import type { Placement } from './read-placement.ts';

/** Fit of a region as it is and as a change would make it. */
export interface Prediction {
  readonly before: Fit;
  readonly after: Fit;
}

/** A region, the rules for its replicas, and its state after a change. */
export interface PredictionInput {
  readonly region: PDRegion;
  readonly placement: OrUnknown<Placement>;
  readonly stores: ReadonlyMap<number, Labelled>;
  readonly after: Pick<PDRegion, 'peers' | 'leader'>;
}

/**
 * Predicts how the region meets its rules. It is believed only where the same computation gives PD's own
 * answer for the region as it is now.
 */
export function predictFit(input: PredictionInput): OrUnknown<Prediction> {
  const { region, placement, stores, after } = input;
  if (isUnknown(placement)) return placement;
  const { rules, fit, config } = placement;
  const allowsWitnesses = config.schedule.enableWitness;
  const compute = (of: FitInput['region']): Fit =>
    fitRegion({ region: of, stores, rules, allowsWitnesses });
  const before = compute(region);
  if (fit !== null && !isSame(before, fit)) {
    return unknownBecause('PD counts the replicas of the region for other rules than foreseen');
  }
  return { before, after: compute({ ...region, ...after }) };
}

/** The region with its leader on another store. */
export function withLeader(region: PDRegion, leader: PDPeer): PredictionInput['after'] {
  return { peers: region.peers, leader };
}

function isSame(fit: Fit, told: PDRegionFit): boolean {
  return (
    fit.orphans.length === told.orphanPeerIds.length &&
    fit.rules.length === told.rules.length &&
    fit.rules.every((each, index) => {
      const other = told.rules[index];
      return (
        other !== undefined &&
        each.peers.length === other.peerIds.length &&
        each.wrongRole.length === other.wrongRolePeerIds.length &&
        each.isolationScore === other.isolationScore
      );
    })
  );
}
