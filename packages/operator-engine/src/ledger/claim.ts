import type { AuditPosition } from './audit-log.ts';
import type { Plan } from 'operator-core';
import type { Actor, Runner } from './actor.ts';
import type { Decision } from './approval.ts';
import type { RunPurpose, RunRecord } from './run-record.ts';
import type { RunState } from './run-state.ts';
import type { Stop } from './mode.ts';

/** The limits that policy sets, counted over the runs on the same system. Left out: no limit. */
export interface RunLimits {
  /** Most runs under way at once. */
  readonly runsAtOnce?: number;
  /** Most changes begun within an hour. */
  readonly runsPerHour?: number;
  /** Milliseconds for which a resource rests after a run that had it for itself has sent something. */
  readonly cooldownMs?: number;
  /** After so many runs in a row that did not succeed, nothing runs for so long. */
  readonly failures?: { readonly count: number; readonly blockMs: number };
  /** Most resources of a kind (`lamp`) that runs under way and standing effects disturb at once. */
  readonly resourcesAtOnce?: readonly { readonly kind: string; readonly most: number }[];
}

/** On what terms a run is claimed. */
export interface ClaimTerms {
  readonly runner: Runner;
  /** Decision of the policy on the run's plan now, by the current rules and time, in the mode autonomous. */
  readonly decision: Decision;
  /**
   * Decision of the policy on the run that a cancel or the end of a lease ends, as of the time when it was
   * begun. Default: the number of consents that the ledger has for it counts.
   */
  readonly origin?: Decision;
  /** Milliseconds for which the run waits for approval. Default: until it expires. */
  readonly decideWithinMs?: number;
  /**
   * The last entries of the audit (`lastEntries`) before the system was read for the last check of the plan. A run that
   * sent something to the same resources after them makes the answer `overtaken`. Default: it is not looked at.
   */
  readonly checkedAfter?: AuditPosition;
  /** Default: none. Give none for inverses, lease ends and cancels, as far as they are exempt. */
  readonly limits?: RunLimits;
}

/** Another run, or its lease, that holds a resource which a claim needs. */
export interface Holder {
  readonly resource: string;
  readonly mode: 'shared' | 'exclusive';
  readonly runId: string;
  readonly requester: Actor;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** A run under way, or the standing effect that a run has left. */
  readonly by: 'run' | 'lease';
}

/** A difference between a run's plan and what the ledger recorded of it. */
export interface PlanFault {
  /** One phrase: `the plan has another digest than was recorded`. */
  readonly message: string;
  readonly recorded: string;
  readonly actual: string;
}

/** A limit that stands in the way. */
export interface LimitReached {
  readonly limit: keyof RunLimits;
  /** Number that there are, or have been. */
  readonly count: number;
  /** Largest allowed number; for `cooldownMs`, milliseconds. */
  readonly most: number;
  /** The resource or kind of resource that it is about; `null`: all. */
  readonly resource: string | null;
  /** RFC 3339, UTC: when it will be gone by itself; `null` when that depends on others. */
  readonly until: string | null;
}

/** The kill switch or the mode that prevents runs. */
export interface Stopped {
  readonly outcome: 'stopped';
  readonly because: 'kill_switch' | 'observe_mode' | 'guarded_mode';
  /** With `kill_switch`. */
  readonly stop: Stop | null;
}

/** A plan that is not yet a run, and on what terms it would be claimed. */
export interface ForeseenClaim {
  readonly plan: Plan;
  readonly purpose: RunPurpose;
  /** True when policy wants an approval: in guarded mode only such runs may begin. */
  readonly needsApproval: boolean;
  readonly limits: RunLimits;
}

/** Obstacle to a claim now. */
export type Obstacle = Extract<ClaimAnswer, { outcome: 'held' | 'limited' | 'stopped' }>;

/** Result of a claim. Only `claimed` allows the caller to continue. */
export type ClaimAnswer =
  /**
   * The run is `executing`, owned by the runner under `fence`; locks and lease are written. `plan` is the document
   * that was held against its digest: nothing else may be carried out.
   */
  | {
      readonly outcome: 'claimed';
      readonly fence: number;
      readonly run: RunRecord;
      readonly plan: Plan;
    }
  /** The plan or the run's row is not what was written down. The run is `refused`. */
  | { readonly outcome: 'altered'; readonly run: RunRecord; readonly fault: PlanFault }
  /** Policy denies by now what it did not deny before. The run is `refused`. */
  | { readonly outcome: 'denied'; readonly run: RunRecord }
  /** Another runner owns it. */
  | { readonly outcome: 'owned'; readonly run: RunRecord }
  /** It is over, refused, rejected, cancelled or expired (it may have expired by this very claim). */
  | { readonly outcome: 'over'; readonly state: RunState; readonly run: RunRecord }
  /**
   * Nothing proves to this process who asked for it, or who consented. The run stays as it is. `isBlind`:
   * another process may be able to tell.
   */
  | { readonly outcome: 'unproven'; readonly why: readonly string[]; readonly isBlind: boolean }
  /** Consent is missing, or policy asks for more of it than before. The run is `awaiting_approval`. */
  | {
      readonly outcome: 'not_approved';
      readonly given: number;
      readonly needed: number;
      readonly run: RunRecord;
    }
  /** Policy is not the one that decided: decide again means plan again. The run stays `approved`. */
  | { readonly outcome: 'policy_changed'; readonly decided: string; readonly now: string }
  | { readonly outcome: 'held'; readonly holders: readonly Holder[] }
  | { readonly outcome: 'limited'; readonly reached: LimitReached }
  /** Another run changed the same resources since the plan was checked: check it again. */
  | { readonly outcome: 'overtaken'; readonly by: RunRecord }
  | Stopped;
