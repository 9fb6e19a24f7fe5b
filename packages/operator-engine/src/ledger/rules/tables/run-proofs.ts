import { toActor } from '../transaction/actor-columns.ts';
import type { ProofName, Proofs } from '../../../proofs/proofs.ts';
import type {
  ClaimProof,
  ConsentStatement,
  RequestStatement,
  RunIdentity,
  RunTerms,
} from '../../../proofs/proofs.ts';
import type { Actor } from '../../actor.ts';
import type { ApprovalRow } from './approval-row.ts';
import { requesterOf } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

/** The proofs of who asked and who consented, for the rows of one ledger. */
export class RunProofs {
  readonly #proofs: Proofs;
  readonly #ledgerId: string;
  readonly #ofRuns: Statement<RunRow>;

  constructor(options: { proofs: Proofs; ledgerId: string }) {
    this.#proofs = options.proofs;
    this.#ledgerId = options.ledgerId;
    this.#ofRuns = new Statement(
      `SELECT * FROM run WHERE EXISTS (SELECT 1 FROM approval WHERE approval.run_id = run.id)`,
    );
  }

  /** The reason why this process can prove no consent; `null` where it can. */
  whyBlind(): string | null {
    return this.#proofs.whyBlind();
  }

  writeRequest(statement: Omit<RequestStatement, 'ledgerId'>): ProofName {
    return this.#proofs.writeRequest({ ledgerId: this.#ledgerId, ...statement });
  }

  writeConsent(statement: Omit<ConsentStatement, 'ledgerId'>): ProofName {
    return this.#proofs.writeConsent({ ledgerId: this.#ledgerId, ...statement });
  }

  /** The reason why nothing proves that the requester of a run asked for it; `null` where it is proven. */
  checkRequest(run: RunRow, options: { mayWaitLonger: boolean }): string | null {
    const { id: runId, digest, expires_at: expiresAt, proof } = run;
    const ledgerId = this.#ledgerId;
    const [requester, terms] = [requesterOf(run), termsOf(run)];
    const statement = { ledgerId, runId, digest, requester, terms, expiresAt };
    return this.#proofs.checkRequest(statement, proof, options);
  }

  /** The reason why nothing proves a consent to a run; `null` where it is proven. */
  checkConsent(run: RunRow, row: ApprovalRow): string | null {
    const statement = {
      ledgerId: this.#ledgerId,
      runId: run.id,
      digest: run.digest,
      approver: toActor(row.approver_kind, row.approver_name, row.approver_for),
      terms: termsOf(run),
      policyVersion: row.policy_version,
      givenAt: row.given_at,
      expiresAt: row.expires_at,
      atTerminal: row.at_terminal === 1,
    };
    return this.#proofs.checkConsent(statement, row.proof);
  }

  /** Writes down that a run is begun; the reason where it was before. */
  markClaimed(run: RunRow, options: { durable: boolean }): string | null {
    return run.proof === null ? null : this.#proofs.markClaimed(this.#identify(run), options);
  }

  /** The proof that a run was started, or the reason for which there is none. */
  readClaim(run: RunRow): ClaimProof | string {
    return this.#proofs.readClaim(this.#identify(run));
  }

  /** Writes down that a run is never to be begun; the reason where that is not possible. */
  markWithdrawn(run: RunRow, change: { to: string; by: Actor }): string | null {
    return run.proof === null ? null : this.#proofs.markWithdrawn(this.#identify(run), change);
  }

  /** The reason why a run is not to be begun although its row lets it; `null` for none. */
  checkWithdrawn(run: RunRow): string | null {
    return this.#proofs.checkWithdrawn(this.#identify(run));
  }

  #identify({ id: runId, digest }: RunRow): RunIdentity {
    return { ledgerId: this.#ledgerId, runId, digest };
  }

  /** Writes down that a user gives a lease a later end. */
  writeExtension(run: RunRow, extension: { by: Actor; endsAt: number | null }): void {
    if (run.proof === null) return;
    this.#proofs.writeExtension({ ...this.#identify(run), ...extension });
  }

  /** The end of the lease of a run, or an earlier one where nothing proves so late a one. */
  boundEnd(run: RunRow, endsAt: number | null): number | null {
    const { proof, lease_ms: leaseMs } = run;
    if (proof === null || leaseMs === null) return endsAt;
    return this.#proofs.boundEnd(this.#identify(run), { leaseMs, endsAt });
  }

  /** Removes the proofs of later ends of leases that are gone. */
  removeExtensions(runIds: readonly string[]): void {
    for (const runId of runIds) this.#proofs.removeExtensions(runId);
  }

  remove(proofs: readonly ProofName[]): void {
    for (const proof of proofs) this.#proofs.remove(proof);
  }

  /** Runs that have consents, for looking at all of them. */
  async runsWithConsents(transaction: Queries): Promise<readonly RunRow[]> {
    return this.#ofRuns.all(transaction);
  }
}

/** The columns of a run that are asked for and consented to, and that no plan has. */
export function termsOf(
  run: Pick<RunRow, 'purpose' | 'of_run' | 'lease_ms' | 'condition'>,
): RunTerms {
  return {
    purpose: run.purpose,
    ofRun: run.of_run,
    leaseMs: run.lease_ms,
    condition: run.condition,
  };
}
