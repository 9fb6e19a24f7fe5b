import type { SubjectPlugin, SuggestedPolicy } from 'operator-core';
import { findUnknownNames } from './find-unknown-names.ts';
import { parsePolicy } from './load-policy.ts';
import type { Policy } from './policy.ts';

type Words = Pick<SubjectPlugin, 'actions' | 'impacts' | 'resourceKinds'>;

/** Mistakes in the policies that a plugin suggests: invalid policies, and names that the plugin does not have. */
export function findSuggestionIssues(
  policies: readonly SuggestedPolicy[],
  words: Words,
): readonly string[] {
  return policies.flatMap(({ name, text }) =>
    issuesOf(text, words).map((issue) => `its suggested policy ${name}: ${issue}`),
  );
}

function issuesOf(text: string, words: Words): readonly string[] {
  const found = parsePolicy(text, 'policy.yaml');
  if (found.kind === 'unreadable') {
    return found.issues.map(({ line, path, message }) => `line ${line}: ${path} ${message}`);
  }
  const { policy } = found;
  return [
    ...unknownActions(policy, words),
    ...unknownImpacts(policy, words),
    ...unknownKinds(policy, words),
  ];
}

function unknownActions(policy: Policy, { actions }: Words): readonly string[] {
  const known = { subject: [], action: actions.map(({ name }) => name) };
  return findUnknownNames(policy, known)
    .filter(({ condition }) => condition === 'action')
    .map(({ rule, name }) => `rule ${rule} names the action ${name}, which does not exist`);
}

function unknownImpacts({ rules, risk }: Policy, { impacts }: Words): readonly string[] {
  if (impacts === undefined) return [];
  return [...rules, ...risk].flatMap(({ id, when }) =>
    Object.keys(when.impact ?? {})
      .filter((name) => !Object.hasOwn(impacts, name))
      .map((name) => `rule ${id} names the impact ${name}, which the plugin does not declare`),
  );
}

function unknownKinds({ limits }: Policy, { resourceKinds }: Words): readonly string[] {
  if (resourceKinds === undefined) return [];
  return limits.resourcesAtOnce
    .filter(({ kind }) => !Object.hasOwn(resourceKinds, kind))
    .map(({ kind }) => `a limit names the kind ${kind}, which the plugin does not declare`);
}
