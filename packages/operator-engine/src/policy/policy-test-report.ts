import type { JsonObject } from 'operator-core';
import type { Position } from '../config/config-issue.ts';
import type { Explanation } from './explanation.ts';
import type { ExpectedDecision } from './policy-test.ts';

/** Result of one test case. */
export interface PolicyTestResult extends Position {
  readonly name: string;
  readonly passed: boolean;
  /** Differences by expected part: `decision`, `count`, `rules`, `risk`; empty when it passed. */
  readonly differences: readonly {
    readonly of: keyof ExpectedDecision;
    readonly expected: JsonObject[string];
    readonly actual: JsonObject[string];
  }[];
  /** Reason for which the test could not run: its plan cannot be read. `null`: it ran. */
  readonly error: string | null;
  /** Explanation of the decision; `null` when the test could not be run. */
  readonly explanation: Explanation | null;
}

/** Results of the test cases of a policy. */
export interface PolicyTestReport {
  readonly path: string;
  readonly policyVersion: string;
  /** `false` also when there is no test. */
  readonly passed: boolean;
  readonly results: readonly PolicyTestResult[];
  /** Rules that no test made match, in the order of the file. */
  readonly untested: readonly (Position & { readonly id: string })[];
}
