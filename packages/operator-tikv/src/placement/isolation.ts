import { labelValue } from './labels.ts';
import type { Labelled } from './labels.ts';

/** PD's base of the score: each level of location labels weighs 100 times the next one. */
const LEVEL_WEIGHT = 100;

/** Measures how far apart the location labels keep the stores (pd `isolationScore`); greater is better. */
export function isolationScore(stores: readonly Labelled[], labels: readonly string[]): number {
  let score = 0;
  for (const [index, one] of stores.entries()) {
    for (const other of stores.slice(index + 1)) {
      const level = firstDifference(one, other, labels);
      if (level !== -1) score += LEVEL_WEIGHT ** (labels.length - level - 1);
    }
  }
  return score;
}

/** A failure domain that holds more replicas than before. */
export interface DomainLoss {
  /** Location label that names the domain: `zone`. */
  readonly level: string;
  /** `zone=z1` or `zone=z1,host=h2` */
  readonly domain: string;
  /** Replicas in the domain afterwards. */
  readonly replicas: number;
}

/** Effect of a move: the stores of the replicas before and after it, and the store that is new. */
export interface MoveOfReplica {
  readonly before: readonly Labelled[];
  readonly after: readonly Labelled[];
  readonly target: Labelled;
}

/**
 * The widest failure domain in which a move puts replicas together that were apart, or `null`. Levels go
 * from wide to narrow. A store without a label counts as in one place with every other, as in PD.
 */
export function findDomainLoss(
  { before, after, target }: MoveOfReplica,
  levels: readonly string[],
): DomainLoss | null {
  for (const [index, level] of levels.entries()) {
    const labels = levels.slice(0, index + 1);
    if (countTogether(after, labels) <= countTogether(before, labels)) continue;
    const inDomain = after.filter((store) => firstDifference(store, target, labels) === -1);
    return { level, domain: domainName(target, labels), replicas: inDomain.length };
  }
  return null;
}

/** Pairs of stores that the labels do not distinguish. */
function countTogether(stores: readonly Labelled[], labels: readonly string[]): number {
  return stores.reduce(
    (sum, one, index) =>
      sum +
      stores.slice(index + 1).filter((other) => firstDifference(one, other, labels) === -1).length,
    0,
  );
}

/** The first level at which two stores differ, or -1 (pd `CompareLocation`). */
function firstDifference(one: Labelled, other: Labelled, labels: readonly string[]): number {
  return labels.findIndex((key) => {
    const [mine, theirs] = [labelValue(one, key), labelValue(other, key)];
    return mine !== '' && theirs !== '' && mine.toLowerCase() !== theirs.toLowerCase();
  });
}

function domainName(store: Labelled, labels: readonly string[]): string {
  return labels.map((key) => `${key}=${labelValue(store, key) || '(none)'}`).join(',');
}
