import type { PDLabelConstraint, PDLabelProperties, PDRule, PDStore } from '../pd/index.ts';

/** The part of a store that placement looks at. */
export type Labelled = Pick<PDStore, 'labels'>;

/** Labels that set a store apart: only a rule that names the label may use the store (pd label_constraint.go). */
const EXCLUSIVE_LABELS: readonly string[] = ['engine', 'exclusive'];

/** A store's value of a label, or `''`. PD compares the names of labels without case. */
export function labelValue({ labels }: Labelled, key: string): string {
  const wanted = key.toLowerCase();
  return Object.entries(labels).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

/** True when a rule with these constraints may use the store (pd `MatchLabelConstraints`). */
export function meetsConstraints(
  store: Labelled,
  constraints: readonly PDLabelConstraint[],
): boolean {
  const isReserved = Object.keys(store.labels).some(
    (name) => isExclusive(name) && !constraints.some(({ key }) => key === name),
  );
  return !isReserved && constraints.every((constraint) => meets(store, constraint));
}

/** True when the rules let the store lead a region to which all of them apply (pd `allowLeader`). */
export function rulesAllowLeader(store: Labelled, rules: readonly PDRule[]): boolean {
  return rules.some(
    ({ role, constraints }) =>
      (role === 'leader' || role === 'voter') && meetsConstraints(store, constraints),
  );
}

/** The label that keeps leaders from the store, as `zone=z3`, or `null`. */
export function rejectingLabel({ labels }: Labelled, properties: PDLabelProperties): string | null {
  const found = properties.get('reject-leader')?.find(({ key, value }) => labels[key] === value);
  return found === undefined ? null : `${found.key}=${found.value}`;
}

function isExclusive(name: string): boolean {
  return name.startsWith('$') || EXCLUSIVE_LABELS.includes(name);
}

function meets(store: Labelled, { key, op, values }: PDLabelConstraint): boolean {
  const value = labelValue(store, key);
  switch (op) {
    case 'in':
      return value !== '' && values.includes(value);
    case 'notIn':
      return value === '' || !values.includes(value);
    case 'exists':
      return value !== '';
    case 'notExists':
      return value === '';
  }
}
