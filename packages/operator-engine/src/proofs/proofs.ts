import type { Actor } from '../ledger/actor.ts';
import type { PurposeKind } from '../policy/policy-words.ts';

/** Parts of a request and a consent that the digest of the plan does not cover. */
export interface RunTerms {
  readonly purpose: PurposeKind;
  /** The run that it undoes, cancels or ends the lease of; `null` for a change. */
  readonly ofRun: string | null;
  /** Duration of its standing effect in milliseconds; `null`: no end, or no standing effect. */
  readonly leaseMs: number | null;
  /** Condition that must hold after the effect is proven, as canonical JSON; `null`: none. */
  readonly condition: string | null;
}

/** One run of one ledger, by its plan. */
export interface RunIdentity {
  readonly ledgerId: string;
  readonly runId: string;
  readonly digest: string;
}

/** A request for a run, as it is written down to be proven later. */
export interface RequestStatement extends RunIdentity {
  readonly requester: Actor;
  readonly terms: RunTerms;
  /** Time until which the run waits for its start, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A consent to a run, as it is written down to be proven later. Times are milliseconds since the epoch. */
export interface ConsentStatement extends RunIdentity {
  readonly approver: Actor;
  readonly terms: RunTerms;
  readonly policyVersion: string;
  readonly givenAt: number;
  readonly expiresAt: number;
  /** True when it was given at a terminal. */
  readonly atTerminal: boolean;
}

/** A later end of a lease, as it is written down to be proven. */
export interface ExtensionStatement extends RunIdentity {
  readonly by: Actor;
  /** Milliseconds since the epoch; `null`: no end. */
  readonly endsAt: number | null;
}

/** The proof that a run was started. */
export interface ClaimProof {
  /** True when this user, or root, has started it, after a look at the decision of policy. */
  readonly isTrusted: boolean;
}

/** The names of the files that prove something; `null` when there is no such file. */
export type ProofName = string | null;

/**
 * Proves the requester and the approvers of a run, to a process that trusts neither the ledger's rows
 * nor the process that wrote them. Every check gives the reason why nothing is proven, or `null`.
 */
export interface Proofs {
  /** The reason why this process can prove no consent at all; `null` when it can. */
  whyBlind(): string | null;
  /** Creates what the proofs need, as the user who creates the ledger. */
  prepare(): void;
  writeRequest(statement: RequestStatement): ProofName;
  /** Throws `APPROVAL_REFUSED` where other processes could not prove it. */
  writeConsent(statement: ConsentStatement): ProofName;
  /** `mayWaitLonger`: the run waited for people because of policy, longer than the request allowed. */
  checkRequest(
    statement: RequestStatement,
    proof: ProofName,
    options: { mayWaitLonger: boolean },
  ): string | null;
  checkConsent(statement: ConsentStatement, proof: ProofName): string | null;
  /**
   * Writes down that a run was begun, so that an older copy of the ledger, put back in its place, cannot start
   * it or use its consents again. `durable`: on disk when it returns.
   */
  markClaimed(run: RunIdentity, options: { durable: boolean }): string | null;
  /** The proof that a run was started, or the reason for which there is none. */
  readClaim(run: RunIdentity): ClaimProof | string;
  /**
   * Records that a run must never start. Any user may do this, because it can only prevent. Returns the reason
   * when that fails: the ledger's row must not depend on it.
   */
  markWithdrawn(run: RunIdentity, change: { to: string; by: Actor }): string | null;
  checkWithdrawn(run: RunIdentity): string | null;
  writeExtension(statement: ExtensionStatement): void;
  /**
   * The proven end of a lease: the ledger's end, or an earlier one when nothing proves that. `leaseMs`: the
   * requested length.
   */
  boundEnd(run: RunIdentity, end: { leaseMs: number; endsAt: number | null }): number | null;
  remove(proof: ProofName): void;
  removeExtensions(runId: string): void;
}

/** Proofs of a host that authenticates actors by itself and alone writes the ledger: names in rows count. */
export const HOST_PROOFS: Proofs = {
  whyBlind: () => null,
  prepare: () => {},
  writeRequest: () => null,
  writeConsent: () => null,
  checkRequest: () => null,
  checkConsent: () => null,
  markClaimed: () => null,
  readClaim: () => ({ isTrusted: true }),
  markWithdrawn: () => null,
  checkWithdrawn: () => null,
  writeExtension: () => {},
  boundEnd: (_run, { endsAt }) => endsAt,
  remove: () => {},
  removeExtensions: () => {},
};
