import type { Label, Store } from '../cluster/store.ts';

export const RULE_ROLES = ['voter', 'leader', 'follower', 'learner'] as const;

export type RuleRole = (typeof RULE_ROLES)[number];

export const CONSTRAINT_OPS = ['in', 'notIn', 'exists', 'notExists'] as const;

/** A condition on a store's labels. */
export interface LabelConstraint {
  readonly key: string;
  readonly op: (typeof CONSTRAINT_OPS)[number];
  readonly values: readonly string[];
}

/** A placement rule: so many replicas in this role on stores with these labels. */
export interface Rule {
  readonly groupId: string;
  readonly id: string;
  readonly index: number;
  /** Disables the rules before it in its group. */
  readonly override: boolean;
  /** Hex as given; '' is infinite. */
  readonly startKey: string;
  readonly endKey: string;
  readonly role: RuleRole;
  readonly isWitness: boolean;
  readonly count: number;
  readonly constraints: readonly LabelConstraint[];
  readonly locationLabels: readonly string[];
  readonly isolationLevel: string;
}

/** A store's value of a label; keys are compared without case. '' when it has none. */
function labelValue(labels: readonly Label[], key: string): string {
  const wanted = key.toLowerCase();
  return labels.find((label) => label.key.toLowerCase() === wanted)?.value ?? '';
}

/** True when the store meets all conditions; a store set apart by a label needs a condition that names it. */
export function meetsConstraints(store: Store, constraints: readonly LabelConstraint[]): boolean {
  const isApart = store.labels.some(
    ({ key }) => isExclusive(key) && !constraints.some((constraint) => constraint.key === key),
  );
  return !isApart && constraints.every((constraint) => meets(store, constraint));
}

function isExclusive(key: string): boolean {
  return key.startsWith('$') || key === 'engine' || key === 'exclusive';
}

function meets(store: Store, { key, op, values }: LabelConstraint): boolean {
  const value = labelValue(store.labels, key);
  if (op === 'exists') return value !== '';
  if (op === 'notExists') return value === '';
  return op === 'in'
    ? value !== '' && values.includes(value)
    : !values.includes(value) || value === '';
}

/** Measures as PD does how well the labels keep the stores apart; greater is better. */
export function isolationScore(stores: readonly Store[], labels: readonly string[]): number {
  let score = 0;
  for (const [index, one] of stores.entries()) {
    for (const other of stores.slice(index + 1)) score += distance(one, other, labels);
  }
  return score;
}

/** 100 for each level of labels below the first that tells two stores apart; 0 when none does. */
export function distance(one: Store, other: Store, labels: readonly string[]): number {
  const level = labels.findIndex((key) => {
    const [mine, theirs] = [labelValue(one.labels, key), labelValue(other.labels, key)];
    return mine !== '' && theirs !== '' && mine.toLowerCase() !== theirs.toLowerCase();
  });
  return level < 0 ? 0 : 100 ** (labels.length - level - 1);
}
