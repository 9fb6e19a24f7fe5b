import type { Actor } from '../actor.ts';
import type { Approval } from '../approval.ts';
import type { Database } from './database.ts';
import { toIso, toIsoOrNull } from './ledger-time.ts';
import type { RunRow } from './run-row.ts';
import type { Statement } from './statement.ts';
import type { Instant } from './transaction.ts';

interface ApprovalRow {
  readonly approver_kind: Actor['kind'];
  readonly approver_name: string;
  readonly policy_version: string;
  readonly given_at: number;
  readonly expires_at: number;
  readonly consumed_at: number | null;
  readonly comment: string | null;
}

/** The rows of the approvals, inside a transaction. */
export class ApprovalTable {
  readonly #approvalMs: number;
  readonly #give: Statement<never>;
  readonly #consume: Statement<never>;
  readonly #all: Statement<ApprovalRow>;

  constructor(database: Database, options: { approvalMs: number }) {
    this.#approvalMs = options.approvalMs;
    this.#give = database.prepare(
      `INSERT INTO approval (run_id, approver_kind, approver_name, policy_version, given_at,
         expires_at, comment) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET policy_version = excluded.policy_version,
         given_at = excluded.given_at, expires_at = excluded.expires_at, comment = excluded.comment`,
    );
    this.#consume = database.prepare(
      `UPDATE approval SET consumed_at = ?
       WHERE run_id = ? AND consumed_at IS NULL AND expires_at > ?`,
    );
    this.#all = database.prepare(
      'SELECT * FROM approval WHERE run_id = ? ORDER BY given_at, approver_kind, approver_name',
    );
  }

  give(
    { now }: Instant,
    run: RunRow,
    given: { approver: Actor; policyVersion: string; comment: string | null },
  ): number {
    const { approver, policyVersion, comment } = given;
    const expiresAt = now + this.#approvalMs;
    const who = [approver.kind, approver.name] as const;
    this.#give.run(run.id, ...who, policyVersion, now, expiresAt, comment);
    return expiresAt;
  }

  /** All that were ever given to a run. */
  all(runId: string): Approval[] {
    return this.#all.all(runId).map(toApproval);
  }

  /** Those that hold now: neither expired nor used. That the policy is the same, giving has looked at. */
  holding({ now }: Instant, run: RunRow): Approval[] {
    return this.#all
      .all(run.id)
      .filter((row) => row.consumed_at === null && row.expires_at > now)
      .map(toApproval);
  }

  /** Uses up those that hold now. */
  consume({ now }: Instant, run: RunRow): void {
    this.#consume.run(now, run.id, now);
  }
}

function toApproval(row: ApprovalRow): Approval {
  return {
    approver: { kind: row.approver_kind, name: row.approver_name },
    policyVersion: row.policy_version,
    givenAt: toIso(row.given_at),
    expiresAt: toIso(row.expires_at),
    consumedAt: toIsoOrNull(row.consumed_at),
    comment: row.comment,
  };
}
