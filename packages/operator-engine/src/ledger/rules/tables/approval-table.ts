import { toActor, toActorColumns } from '../transaction/actor-columns.ts';
import { mapInTurn } from '../store/in-turn.ts';
import { isSamePerson } from '../../actor.ts';
import type { Actor } from '../../actor.ts';
import { objectToConsent } from '../../approval.ts';
import type { Approval } from '../../approval.ts';
import type { ApprovalRow } from './approval-row.ts';
import { toIso, toIsoOrNull } from '../transaction/ledger-time.ts';
import { termsOf } from './run-proofs.ts';
import type { RunProofs } from './run-proofs.ts';
import { requesterOf, toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Instant } from '../transaction/transaction.ts';
import { createInDoubt, holdsByBoth, isOverByBoth, latestOf } from '../transaction/two-clocks.ts';

/** The rows of the approvals, inside a transaction. */
export class ApprovalTable {
  readonly #approvalMs: number;
  readonly #proofs: RunProofs;
  readonly #give: Statement<never>;
  readonly #consume: Statement<never>;
  readonly #all: Statement<ApprovalRow>;

  constructor(options: { approvalMs: number; proofs: RunProofs }) {
    this.#approvalMs = options.approvalMs;
    this.#proofs = options.proofs;
    this.#give = new Statement(
      `INSERT INTO approval (run_id, approver_kind, approver_name, approver_for, policy_version,
         given_at, expires_at, comment, proof, at_terminal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, approver_kind, approver_name) DO UPDATE SET
         approver_for = excluded.approver_for, policy_version = excluded.policy_version,
         given_at = excluded.given_at, expires_at = excluded.expires_at, comment = excluded.comment,
         proof = excluded.proof, at_terminal = excluded.at_terminal`,
    );
    this.#consume = new Statement(
      `UPDATE approval SET consumed_at = ?
       WHERE run_id = ? AND consumed_at IS NULL AND expires_at > ?`,
    );
    this.#all = new Statement(
      'SELECT * FROM approval WHERE run_id = ? ORDER BY given_at, approver_kind, approver_name',
    );
  }

  /** Throws `CLOCK_IN_DOUBT`, and takes nothing, where the consent would be over at once by one of the clocks. */
  async give(
    instant: Instant,
    run: RunRow,
    given: { approver: Actor; policyVersion: string; comment: string | null; atTerminal: boolean },
  ): Promise<number> {
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
    const replaced = (await this.#rows(instant, run)).filter(
      ({ approver_name: name }) => name === approver.name,
    );
    const proof = this.#proofs.writeConsent(statement);
    const who = toActorColumns(approver);
    const said = [comment, proof, atTerminal ? 1 : 0] as const;
    await this.#give.run(instant, runId, ...who, policyVersion, now, expiresAt, ...said);
    this.#proofs.remove(replaced.map((row) => row.proof));
    return expiresAt;
  }

  /** All that were ever given to a run. */
  async all(transaction: Queries, run: RunRow): Promise<Approval[]> {
    return (await this.#rows(transaction, run)).map((row) =>
      toApproval(row, this.#whyUnproven(run, row)),
    );
  }

  /**
   * Those that hold now: neither expired, by either clock, nor used, proven to this process, and of persons who may consent.
   * That the policy is the same, giving and claiming look at.
   */
  async holding(instant: Instant, run: RunRow): Promise<Approval[]> {
    const proven = (await this.#current(instant, run)).filter(
      (row) => this.#whyUnproven(run, row) === null,
    );
    // Two consents in the name of one person count once, and the later one of them.
    return proven
      .filter((row, index) => !proven.slice(index + 1).some((later) => isOfOne(row, later)))
      .map((row) => toApproval(row, null));
  }

  /** The reasons why consents that would hold now count for nothing in this process. */
  async unproven(instant: Instant, run: RunRow): Promise<string[]> {
    return (await this.#current(instant, run))
      .map((row) => this.#whyUnproven(run, row))
      .filter((why) => why !== null);
  }

  /** The number of those that would hold now if one of the clocks were right. */
  async inDoubt(instant: Instant, run: RunRow): Promise<number> {
    return (await this.#rows(instant, run)).filter(
      ({ consumed_at: consumedAt, given_at: from, expires_at: until }) =>
        consumedAt === null &&
        !holdsByBoth(instant, { from, until }) &&
        !isOverByBoth(instant, until),
    ).length;
  }

  /** Uses up those that hold now. */
  async consume(instant: Instant, run: RunRow): Promise<void> {
    await this.#consume.run(instant, instant.now, run.id, latestOf(instant));
  }

  /** Removes the proofs of consents that can never be used any more. */
  async discard(transaction: Queries, run: RunRow): Promise<void> {
    this.#proofs.remove((await this.#rows(transaction, run)).map(({ proof }) => proof));
  }

  /** Used consents without a proof, as sentences. Empty where this process cannot tell. */
  async problems(transaction: Queries): Promise<string[]> {
    if (this.#proofs.whyBlind() !== null) return [];
    const runs = await this.#proofs.runsWithConsents(transaction);
    const found = await mapInTurn(runs, async (run) =>
      (await this.#rows(transaction, run))
        .filter(({ consumed_at: consumedAt }) => consumedAt !== null)
        .map((row) => this.#proofs.checkConsent(run, row))
        .filter((why) => why !== null)
        .map((why) => `of run ${run.id}: ${why}`),
    );
    return found.flat();
  }

  async #rows(transaction: Queries, run: RunRow): Promise<ApprovalRow[]> {
    return this.#all.all(transaction, run.id);
  }

  async #current(instant: Instant, run: RunRow): Promise<ApprovalRow[]> {
    return (await this.#rows(instant, run)).filter(
      ({ consumed_at: consumedAt, given_at: from, expires_at: until }) =>
        consumedAt === null && holdsByBoth(instant, { from, until }),
    );
  }

  #whyUnproven(run: RunRow, row: ApprovalRow): string | null {
    const why = this.#proofs.checkConsent(run, row);
    if (why !== null) return why;
    const rule = toRunRecord(run).decision?.approval;
    const approver = approverOf(row);
    const consent = { approver, atTerminal: row.at_terminal === 1 };
    const objection = objectToConsent(rule, consent, requesterOf(run));
    return objection === null
      ? null
      : `the consent of ${approver.name} does not count: ${objection}`;
  }
}

function isOfOne(one: ApprovalRow, other: ApprovalRow): boolean {
  return isSamePerson(approverOf(one), approverOf(other));
}

function approverOf(row: ApprovalRow): Actor {
  return toActor(row.approver_kind, row.approver_name, row.approver_for);
}

function toApproval(row: ApprovalRow, unproven: string | null): Approval {
  return {
    approver: approverOf(row),
    policyVersion: row.policy_version,
    givenAt: toIso(row.given_at),
    expiresAt: toIso(row.expires_at),
    consumedAt: toIsoOrNull(row.consumed_at),
    comment: row.comment,
    unproven,
  };
}
