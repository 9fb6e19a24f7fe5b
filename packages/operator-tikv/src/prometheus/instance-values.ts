import { unknownBecause } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import { RATE_WINDOW } from './expressions.ts';
import type { Sample } from './query-answer.ts';

/** The values of one metric by instance. */
interface InstanceValues {
  readonly values: ReadonlyMap<string, OrUnknown<number>>;
  /** Reasons why the values of some instances are unknown: several series claim to be theirs. */
  readonly ambiguous: readonly string[];
}

/**
 * One value for each instance. Series that differ in a replica label only, as of a pair of Prometheus that scrape
 * the same stores, are one series, and the larger value counts: the other replica has missed scrapes.
 * Series that differ in any other label leave the value unknown.
 */
export function findValues(
  samples: readonly Sample[],
  replicaLabels: readonly string[],
): InstanceValues {
  const values = new Map<string, OrUnknown<number>>();
  const ambiguous = new Set<string>();
  for (const [instance, series] of groupByInstance(samples)) {
    const labels = differingLabels(series, replicaLabels);
    if (labels.length === 0) {
      values.set(instance, toValue(series.map(({ value }) => value)));
      continue;
    }
    const reason = describeAmbiguity(series, labels);
    ambiguous.add(reason);
    values.set(instance, unknownBecause(reason));
  }
  return { values, ambiguous: [...ambiguous] };
}

function groupByInstance(samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const instance = sample.labels['instance'];
    if (instance === undefined) continue;
    const group = groups.get(instance);
    if (group === undefined) groups.set(instance, [sample]);
    else group.push(sample);
  }
  return groups;
}

function differingLabels(
  series: readonly Sample[],
  replicaLabels: readonly string[],
): readonly string[] {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  return [...names].filter(
    (name) =>
      !replicaLabels.includes(name) && new Set(series.map(({ labels }) => labels[name])).size > 1,
  );
}

function describeAmbiguity(series: readonly Sample[], labels: readonly string[]): string {
  const each = labels.toSorted().map((name) => {
    const found = [...new Set(series.map(({ labels: of }) => JSON.stringify(of[name] ?? '')))];
    return `${name} is ${found.toSorted().join(' or ')}`;
  });
  return `Prometheus has several series of one store, which differ in ${labels.length === 1 ? 'a label' : 'labels'}: ${each.join(', ')}`;
}

function toValue(found: readonly number[]): OrUnknown<number> {
  const usable = found.filter((value) => Number.isFinite(value) && value >= 0);
  if (usable.length > 0) return Math.max(...usable);
  return unknownBecause(
    `Prometheus answered ${found[0]}: nothing was measured in the last ${RATE_WINDOW}`,
  );
}
