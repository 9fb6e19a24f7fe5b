import type { Actor } from '../ledger/actor.ts';
import type { PurposeKind } from '../policy/policy-words.ts';

/** A request for a run, as it is written down to be proven later. */
export interface RequestStatement {
  readonly ledgerId: string;
  readonly runId: string;
  readonly digest: string;
  readonly requester: Actor;
  readonly purpose: PurposeKind;
}

/** A consent to a run, as it is written down to be proven later. Times are milliseconds since the epoch. */
export interface ConsentStatement {
  readonly ledgerId: string;
  readonly runId: string;
  readonly digest: string;
  readonly approver: Actor;
  readonly policyVersion: string;
  readonly givenAt: number;
  readonly expiresAt: number;
  /** True when it was given at a terminal. */
  readonly atTerminal: boolean;
}

/** The names of the files that prove something; `null` where there is none. */
export type ProofName = string | null;

/**
 * Proves who asked for a run and who consented to it, to a process that believes neither the ledger's rows
 * nor the process that wrote them. Every check gives the reason why nothing is proven, or `null`.
 */
export interface Proofs {
  /** The reason why this process can prove no consent at all; `null` where it can. */
  whyBlind(): string | null;
  writeRequest(statement: RequestStatement): ProofName;
  /** Throws `APPROVAL_REFUSED` where other processes could not prove it. */
  writeConsent(statement: ConsentStatement): ProofName;
  checkRequest(statement: RequestStatement, proof: ProofName): string | null;
  checkConsent(statement: ConsentStatement, proof: ProofName): string | null;
  /** Writes down that consents were used up by a claim, so that a ledger that was put back cannot use them again. */
  markClaimed(statement: Omit<RequestStatement, 'requester' | 'purpose'>): string | null;
  remove(proof: ProofName): void;
}

/** For a host that authenticates actors by itself and alone writes the ledger: names in rows count. */
export const HOST_PROOFS: Proofs = {
  whyBlind: () => null,
  writeRequest: () => null,
  writeConsent: () => null,
  checkRequest: () => null,
  checkConsent: () => null,
  markClaimed: () => null,
  remove: () => {},
};
