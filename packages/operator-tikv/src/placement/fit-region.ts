import type { PDPeer, PDRegion, PDRule } from '../pd/index.ts';
import { isolationScore } from './isolation.ts';
import { meetsConstraints } from './labels.ts';
import type { Labelled } from './labels.ts';

/** Peers that count for one rule. */
export interface RuleFit {
  readonly rule: PDRule;
  readonly peers: readonly PDPeer[];
  /** Peers among them with another role than the rule's. */
  readonly wrongRole: readonly PDPeer[];
  readonly isolationScore: number;
}

/** Assignment of peers to rules. */
export interface Fit {
  readonly rules: readonly RuleFit[];
  /** Peers that no rule wants. */
  readonly orphans: readonly PDPeer[];
}

/** Input of {@link fitRegion}. */
export interface FitInput {
  readonly region: Pick<PDRegion, 'peers' | 'leader' | 'pendingPeers' | 'downPeers'>;
  readonly stores: ReadonlyMap<number, Labelled>;
  readonly rules: readonly PDRule[];
  /** True where `enable-witness` is set. */
  readonly allowsWitnesses: boolean;
}

/**
 * Gives peers to rules as PD does (pd `fitRegion`, the same in 6.5.12 and 8.5.7): the first rule takes the
 * best that it can have, the next one the best of what is left. Healthy peers come first, then lower ids.
 */
export function fitRegion(input: FitInput): Fit {
  const { region, stores, rules } = input;
  const peers = region.peers
    .filter(({ storeId }) => stores.has(storeId))
    .toSorted((one, other) => health(region, other) - health(region, one) || one.id - other.id);
  const fits = findBest(input, peers, 0);
  const taken = new Set(fits.flatMap((fit) => fit.peers));
  return {
    rules: rules.length === 0 ? [] : fits,
    orphans: peers.filter((peer) => !taken.has(peer)),
  };
}

function findBest(input: FitInput, free: readonly PDPeer[], index: number): readonly RuleFit[] {
  const rule = input.rules[index];
  if (rule === undefined) return [];
  const candidates = free.filter(({ storeId }) => {
    const store = input.stores.get(storeId);
    return store !== undefined && meetsConstraints(store, rule.constraints);
  });
  let best: readonly RuleFit[] = [];
  for (const peers of subsets(candidates, Math.min(rule.count, candidates.length))) {
    const rest = free.filter((peer) => !peers.includes(peer));
    const fits = [toRuleFit(input, rule, peers), ...findBest(input, rest, index + 1)];
    if (best.length === 0 || compareFits(fits, best) > 0) best = fits;
  }
  return best;
}

/** All subsets of a size in the order in which PD tries them: the first of equals wins. */
function subsets(peers: readonly PDPeer[], size: number): readonly (readonly PDPeer[])[] {
  if (size === 0) return [[]];
  return peers.flatMap((peer, index) =>
    subsets(peers.slice(0, index), size - 1).map((others) => [...others, peer]),
  );
}

function toRuleFit(input: FitInput, rule: PDRule, peers: readonly PDPeer[]): RuleFit {
  const stores = peers.flatMap(({ storeId }) => input.stores.get(storeId) ?? []);
  return {
    rule,
    peers,
    wrongRole: peers.filter((peer) => !hasRole(input, peer, rule)),
    isolationScore: isolationScore(stores, rule.locationLabels),
  };
}

function hasRole({ region, allowsWitnesses }: FitInput, peer: PDPeer, rule: PDRule): boolean {
  if (peer.isWitness !== (allowsWitnesses && rule.isWitness)) return false;
  const isLearner = peer.role === 'Learner';
  const leads = region.leader?.id === peer.id;
  switch (rule.role) {
    case 'voter':
      return !isLearner;
    case 'leader':
      return leads;
    case 'follower':
      return !isLearner && !leads;
    case 'learner':
      return isLearner;
  }
}

/** Above 0 when the first are better: by number of peers, then roles, then isolation, rule after rule. */
function compareFits(fits: readonly RuleFit[], others: readonly RuleFit[]): number {
  for (const [index, fit] of fits.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    const difference =
      fit.peers.length - other.peers.length ||
      other.wrongRole.length - fit.wrongRole.length ||
      fit.isolationScore - other.isolationScore;
    if (difference !== 0) return difference;
  }
  return 0;
}

function health({ pendingPeers, downPeers }: FitInput['region'], peer: PDPeer): number {
  if (downPeers.some((down) => down.peer.id === peer.id)) return 0;
  return pendingPeers.some(({ id }) => id === peer.id) ? 1 : 2;
}
