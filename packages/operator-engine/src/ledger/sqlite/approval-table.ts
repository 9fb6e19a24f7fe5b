import type { Actor } from '../actor.ts';
import { objectToConsent } from '../approval.ts';
import type { Approval } from '../approval.ts';
import type { ApprovalRow } from './approval-row.ts';
import type { Database } from './database.ts';
import { toIso, toIsoOrNull } from './ledger-time.ts';
import { termsOf } from './run-proofs.ts';
import type { RunProofs } from './run-proofs.ts';
import { requesterOf, toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import type { Statement } from './statement.ts';
import type { Instant } from './transaction.ts';
import { createInDoubt, holdsByBoth, isOverByBoth, latestOf } from './two-clocks.ts';

/** The rows of the approvals, inside a transaction. */
export class ApprovalTable {
  readonly #approvalMs: number;
  readonly #proofs: RunProofs;
  readonly #give: Statement<never>;
  readonly #consume: Statement<never>;
  readonly #all: Statement<ApprovalRow>;

  constructor(database: Database, options: { approvalMs: number; proofs: RunProofs }) {
    this.#approvalMs = options.approvalMs;
    this.#proofs = options.proofs;
    this.#give = database.prepare(
      `INSERT INTO approval (run_id, approver_kind, approver_name, policy_version, given_at,
         expires_at, comment, proof, at_terminal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET policy_version = excluded.policy_version,
         given_at = excluded.given_at, expires_at = excluded.expires_at, comment = excluded.comment,
         proof = excluded.proof, at_terminal = excluded.at_terminal`,
    );
    this.#consume = database.prepare(
      `UPDATE approval SET consumed_at = ?
       WHERE run_id = ? AND consumed_at IS NULL AND expires_at > ?`,
    );
    this.#all = database.prepare(
      'SELECT * FROM approval WHERE run_id = ? ORDER BY given_at, approver_kind, approver_name',
    );
  }

  /** Throws `CLOCK_IN_DOUBT`, and takes nothing, where the consent would be over at once by one of the clocks. */
  give(
    instant: Instant,
    run: RunRow,
    given: { approver: Actor; policyVersion: string; comment: string | null; atTerminal: boolean },
  ): number {
    const { approver, policyVersion, comment, atTerminal } = given;
    const { now } = instant;
    const expiresAt = now + this.#approvalMs;
    const { id: runId, digest } = run;
    if (!holdsByBoth(instant, { from: now, until: expiresAt })) {
      throw createInDoubt(instant, `The consent to run ${runId} is not taken`, { runId });
    }
    const statement = {
      runId,
      digest,
      approver,
      terms: termsOf(run),
      policyVersion,
      givenAt: now,
      expiresAt,
      atTerminal,
    };
    const replaced = this.#rows(run).filter(({ approver_name: name }) => name === approver.name);
    const proof = this.#proofs.writeConsent(statement);
    const who = [approver.kind, approver.name] as const;
    const said = [comment, proof, atTerminal ? 1 : 0] as const;
    this.#give.run(runId, ...who, policyVersion, now, expiresAt, ...said);
    this.#proofs.remove(replaced.map((row) => row.proof));
    return expiresAt;
  }

  /** All that were ever given to a run. */
  all(run: RunRow): Approval[] {
    return this.#rows(run).map((row) => toApproval(row, this.#whyUnproven(run, row)));
  }

  /**
   * Those that hold now: neither expired, by either clock, nor used, proven to this process, and of persons who may consent.
   * That the policy is the same, giving and claiming look at.
   */
  holding(instant: Instant, run: RunRow): Approval[] {
    const proven = this.#current(instant, run).filter(
      (row) => this.#whyUnproven(run, row) === null,
    );
    // Two numbers of one name are one person.
    const first = new Map(proven.map((row) => [row.approver_name, row]));
    return [...first.values()].map((row) => toApproval(row, null));
  }

  /** The reasons why consents that would hold now count for nothing in this process. */
  unproven(instant: Instant, run: RunRow): string[] {
    return this.#current(instant, run)
      .map((row) => this.#whyUnproven(run, row))
      .filter((why) => why !== null);
  }

  /** The number of those that would hold now if one of the clocks were right. */
  inDoubt(instant: Instant, run: RunRow): number {
    return this.#rows(run).filter(
      ({ consumed_at: consumedAt, given_at: from, expires_at: until }) =>
        consumedAt === null &&
        !holdsByBoth(instant, { from, until }) &&
        !isOverByBoth(instant, until),
    ).length;
  }

  /** Uses up those that hold now. */
  consume(instant: Instant, run: RunRow): void {
    this.#consume.run(instant.now, run.id, latestOf(instant));
  }

  /** Removes the proofs of consents that can never be used any more. */
  discard(run: RunRow): void {
    this.#proofs.remove(this.#rows(run).map(({ proof }) => proof));
  }

  /** Used consents without a proof, as sentences. Empty where this process cannot tell. */
  problems(): string[] {
    if (this.#proofs.whyBlind() !== null) return [];
    return this.#proofs
      .runsWithConsents()
      .flatMap((run) => this.#rows(run).map((row) => ({ run, row })))
      .filter(({ row }) => row.consumed_at !== null)
      .flatMap(({ run, row }) => {
        const why = this.#proofs.checkConsent(run, row);
        return why === null ? [] : [`of run ${run.id}: ${why}`];
      });
  }

  #rows(run: RunRow): ApprovalRow[] {
    return this.#all.all(run.id);
  }

  #current(instant: Instant, run: RunRow): ApprovalRow[] {
    return this.#rows(run).filter(
      ({ consumed_at: consumedAt, given_at: from, expires_at: until }) =>
        consumedAt === null && holdsByBoth(instant, { from, until }),
    );
  }

  #whyUnproven(run: RunRow, row: ApprovalRow): string | null {
    const why = this.#proofs.checkConsent(run, row);
    if (why !== null) return why;
    const rule = toRunRecord(run).decision?.approval;
    const approver = { kind: row.approver_kind, name: row.approver_name };
    const consent = { approver, atTerminal: row.at_terminal === 1 };
    const objection = objectToConsent(rule, consent, requesterOf(run));
    return objection === null
      ? null
      : `the consent of ${approver.name} does not count: ${objection}`;
  }
}

function toApproval(row: ApprovalRow, unproven: string | null): Approval {
  return {
    approver: { kind: row.approver_kind, name: row.approver_name },
    policyVersion: row.policy_version,
    givenAt: toIso(row.given_at),
    expiresAt: toIso(row.expires_at),
    consumedAt: toIsoOrNull(row.consumed_at),
    comment: row.comment,
    unproven,
  };
}
