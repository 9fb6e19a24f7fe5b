import type { Position } from '../config/config-issue.ts';
import { matchesGlob } from './glob.ts';
import type { Policy } from './policy.ts';

/** Names that a policy can use: the subjects of a configuration, and the actions of their plugins. */
export interface KnownNames {
  readonly subject: readonly string[];
  readonly action: readonly string[];
}

/** A name or pattern in a rule that fits no existing name, so that the rule can never match. */
export interface UnknownName extends Position {
  /** Id of the rule. */
  readonly rule: string;
  readonly condition: keyof KnownNames;
  readonly name: string;
}

/** Every name in a policy that no subject or action has. */
export function findUnknownNames(
  { rules, risk }: Policy,
  known: KnownNames,
): readonly UnknownName[] {
  return [...rules, ...risk].flatMap(({ id, when, line, column }) =>
    (['subject', 'action'] as const).flatMap((condition) =>
      (when[condition] ?? [])
        .filter((name) => !known[condition].some((one) => matchesGlob(name, one)))
        .map((name) => ({ rule: id, condition, name, line, column })),
    ),
  );
}
