import type { Unit } from './fact.ts';

/** Versions of the system for which a plugin is written, compared number by number: `3.4.27` is below `3.5`. */
export interface SupportedVersions {
  /** The oldest one. */
  readonly atLeast?: string;
  /** The first one that is too new. */
  readonly below?: string;
}

/** An amount that plans of a plugin state, as rules of a policy name it. */
export interface DeclaredImpact {
  readonly unit: Unit;
  /** One sentence. */
  readonly description: string;
}

/** A policy that the author of a plugin suggests. A host shows it and never applies it. */
export interface SuggestedPolicy {
  /** kebab-case. */
  readonly name: string;
  /** One sentence: the harm that it prevents. */
  readonly description: string;
  /** Text of a policy file. */
  readonly text: string;
}
