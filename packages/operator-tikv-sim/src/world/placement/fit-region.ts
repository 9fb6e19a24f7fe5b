import { type Peer, isVoting } from '../cluster/peer.ts';
import { type Region, knownLeader } from '../cluster/region.ts';
import type { Store } from '../cluster/store.ts';
import { type Rule, isolationScore, meetsConstraints } from './rule.ts';

/** The replicas that were given to one rule. */
export interface RuleFit {
  readonly rule: Rule;
  readonly peers: readonly Peer[];
  /** Replicas among them with another role than the rule's. */
  readonly wrongRole: readonly Peer[];
  readonly isolation: number;
}

/** Assignment of a region's replicas to its rules. */
export interface RegionFit {
  readonly rules: readonly RuleFit[];
  /** Replicas that no rule wants. */
  readonly orphans: readonly Peer[];
}

interface Search {
  readonly region: Region;
  readonly stores: ReadonlyMap<number, Store>;
  readonly rules: readonly Rule[];
  readonly allowsWitnesses: boolean;
}

/** Gives replicas to rules as PD does: each rule in turn takes the best that the rules before it left. */
export function fitRegion(search: Search): RegionFit {
  const { region, stores, rules } = search;
  const peers = region.peers
    .filter((peer) => stores.has(peer.storeId))
    .toSorted((one, other) => health(region, other) - health(region, one) || one.id - other.id);
  const fits = rules.length === 0 ? [] : bestFits(search, peers, 0);
  const taken = new Set(fits.flatMap((fit) => fit.peers));
  return { rules: fits, orphans: peers.filter((peer) => !taken.has(peer)) };
}

export function isMet(fit: RuleFit): boolean {
  return fit.peers.length === fit.rule.count && fit.wrongRole.length === 0;
}

function bestFits(search: Search, free: readonly Peer[], index: number): RuleFit[] {
  const rule = search.rules[index];
  if (rule === undefined) return [];
  const candidates = free.filter((peer) => {
    const store = search.stores.get(peer.storeId);
    return store !== undefined && meetsConstraints(store, rule.constraints);
  });
  let found: RuleFit[] = [];
  for (const peers of subsets(candidates, Math.min(rule.count, candidates.length))) {
    const rest = free.filter((peer) => !peers.includes(peer));
    const fits = [toFit(search, rule, peers), ...bestFits(search, rest, index + 1)];
    if (found.length === 0 || compare(fits, found) > 0) found = fits;
  }
  return found;
}

/** All subsets of a size, in the order of PD's bit patterns: the first of equals wins. */
function subsets(peers: readonly Peer[], size: number): Peer[][] {
  if (size === 0) return [[]];
  return peers.flatMap((peer, index) =>
    subsets(peers.slice(0, index), size - 1).map((others) => [...others, peer]),
  );
}

function toFit(search: Search, rule: Rule, peers: readonly Peer[]): RuleFit {
  const { region, stores, allowsWitnesses } = search;
  const wrongRole = peers.filter((peer) => {
    const isWitness = peer.isWitness ?? false;
    return isWitness !== (allowsWitnesses && rule.isWitness) || !hasRole(region, peer, rule);
  });
  const places = peers.flatMap((peer) => stores.get(peer.storeId) ?? []);
  return { rule, peers, wrongRole, isolation: isolationScore(places, rule.locationLabels) };
}

function hasRole(region: Region, peer: Peer, rule: Rule): boolean {
  const leads = knownLeader(region)?.id === peer.id;
  if (rule.role === 'learner') return !isVoting(peer);
  if (rule.role === 'leader') return leads;
  return isVoting(peer) && !(rule.role === 'follower' && leads);
}

/** Above 0 when `fits` are better: rules come first to last, then peers, roles and isolation. */
function compare(fits: readonly RuleFit[], others: readonly RuleFit[]): number {
  for (const [index, fit] of fits.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    const better =
      fit.peers.length - other.peers.length ||
      other.wrongRole.length - fit.wrongRole.length ||
      fit.isolation - other.isolation;
    if (better !== 0) return better;
  }
  return 0;
}

function health(region: Region, peer: Peer): number {
  if (region.down.has(peer.storeId)) return 0;
  return region.pending.has(peer.storeId) ? 1 : 2;
}
