import type { GatePolicy } from '../subject/gate-policy.ts';
import { isAnyWatching } from '../ledger/runners.ts';
import type { Actor } from '../ledger/actor.ts';
import type { ApprovalProgress } from '../ledger/approvals.ts';
import type { RunDetails, RunRecord } from '../ledger/run-record.ts';
import type { RunSubjects } from '../subject/subjects.ts';

/** Progress of the approvals of a run, and the process that continues it. */
export interface ApproveResult extends ApprovalProgress {
  /**
   * - `not_yet`: more consent is needed
   * - `watch`: a living runner continues the run
   * - `here`: no other process does; the caller must
   */
  readonly goesOn: 'not_yet' | 'watch' | 'here';
}

/** A run that waits for consent, with everything that an approver needs to see. */
export interface WaitingRun {
  readonly progress: ApprovalProgress;
  readonly details: RunDetails;
  /** True when the policy has changed since its decision: the run can no longer be approved. */
  readonly isOutdated: boolean;
}

/** Approvals, given in the name of the host's actor. */
export class EngineApprovals {
  readonly #subjects: RunSubjects;
  readonly #actor: () => Actor;
  readonly #policy: () => GatePolicy;

  constructor(subjects: RunSubjects, options: { actor: () => Actor; policy: () => GatePolicy }) {
    this.#subjects = subjects;
    this.#actor = options.actor;
    this.#policy = options.policy;
  }

  /** The runs that wait for consent, oldest first. */
  async pending(): Promise<readonly ApprovalProgress[]> {
    return (await this.#subjects.openLedger()).approvals.pending();
  }

  /** The runs that wait for consent, with their plans, oldest first. */
  async waiting(): Promise<readonly WaitingRun[]> {
    const { approvals, runs } = await this.#subjects.openLedger();
    const { version } = this.#policy();
    const pending = await approvals.pending();
    return Promise.all(
      pending.map(async (progress) => {
        const details = await runs.get(progress.run.id);
        const isOutdated = details.decision?.policyVersion !== version;
        return { progress, details, isOutdated };
      }),
    );
  }

  /**
   * Consents to exactly the plan with this digest, under the policy as it is now. Throws
   * `RUN_NOT_FOUND`, `RUN_STATE_CONFLICT` and `APPROVAL_REFUSED`.
   */
  async approve(
    runId: string,
    given: { digest: string; comment?: string; atTerminal?: boolean },
  ): Promise<ApproveResult> {
    const ledger = await this.#subjects.openLedger();
    const approver = this.#actor();
    const policyVersion = this.#policy().version;
    const progress = await ledger.approvals.approve({ runId, approver, policyVersion, ...given });
    if (progress.run.state !== 'approved') return { ...progress, goesOn: 'not_yet' };
    const runners = await ledger.runners.list();
    const isWatched = isAnyWatching(runners);
    return { ...progress, goesOn: isWatched ? 'watch' : 'here' };
  }

  /** Ends a waiting run. Throws as {@link approve} does. */
  async reject(runId: string, { reason }: { reason: string }): Promise<RunRecord> {
    const ledger = await this.#subjects.openLedger();
    return ledger.approvals.reject({ runId, reason, by: this.#actor() });
  }
}
