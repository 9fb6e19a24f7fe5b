import type { JsonObject, Plan, SendResult, SystemIdentity } from 'operator-core';
import type { RunCondition } from './run-condition.ts';
import type { RunState } from './run-state.ts';
import type { Actor, Runner } from './actor.ts';
import type { Decision } from './approval.ts';
import type { AuditEntry, AuditPosition } from './audit-log.ts';
import type { ClaimAnswer, ClaimTerms, ForeseenClaim, Obstacle, Stopped } from './claim.ts';
import type { CancelRequest, RunDetails, RunPurpose, RunRecord } from './run-record.ts';

/** Input of `create`. */
export interface NewRun {
  readonly plan: Plan;
  /** Digest of the document that was brought, where the plan was made again from it. Default: the plan's own. One document has one run. */
  readonly document?: string;
  readonly requester: Actor;
  /** The caller's own name for this call, so that a retried call finds the run of the first. Per requester. */
  readonly idempotencyKey?: string;
  /** Milliseconds from now until it expires unless it was executed. */
  readonly expiresInMs: number;
  /** Milliseconds from the claim until a standing effect is removed. Default: it stays until it is ended. */
  readonly leaseMs?: number;
  /** Default: a change. */
  readonly purpose?: RunPurpose;
  /** Condition that must hold after the effect is proven. Default: none. */
  readonly condition?: RunCondition;
  /** Decision of the policy, recorded with the run in one transaction. Default: none yet, the run is `planned`. */
  readonly decision?: Decision;
}

/** Keys by which a retried call finds its run. */
export interface KnownRun {
  /** Digest of the plan document. */
  readonly document?: string;
  readonly requester?: Actor;
  readonly idempotencyKey?: string | undefined;
}

/** Filter of `list`. A field left out matches every run. */
export interface RunFilter {
  readonly states?: readonly RunState[];
  readonly subject?: string;
  readonly action?: string;
  readonly requester?: string;
  /** Runs made for this one: undo, lease end, cancel. */
  readonly of?: string;
  /** The `sequence` of the last run of the page before: those with a smaller one follow. */
  readonly before?: number;
  /** Default: 50, at most 1,000. */
  readonly limit?: number;
}

/** Filter of `lastOn`. */
export interface DisturbedFilter {
  readonly system: Pick<SystemIdentity, 'kind' | 'id'>;
  readonly resources: readonly string[];
  readonly states: readonly RunState[];
}

/** Result of `intend`. */
export type IntendAnswer =
  /** Written down, on disk. The right ends `validForMs` after `intend` was called: look again before the first byte. */
  | { readonly outcome: 'may_send'; readonly validForMs: number }
  /** It was written down before, by this or an earlier owner: it must not be sent again. */
  | { readonly outcome: 'already_intended'; readonly result: SendResult | null }
  | { readonly outcome: 'cancelled'; readonly cancel: CancelRequest }
  /** The run is no longer this owner's. */
  | { readonly outcome: 'fenced'; readonly run: RunRecord }
  | Stopped;

/** Signals to the owner, read between two polls of the effect. */
export interface RunSignals {
  readonly isFenced: boolean;
  readonly cancel: CancelRequest | null;
  /** `null` when the run may continue. */
  readonly stopped: Stopped | null;
}

/** Result of `cancel`. */
export interface CancelAnswer {
  /** `cancelled`: it never sends. `requested`: its owner will see it. `over`: too late. */
  readonly outcome: 'cancelled' | 'requested' | 'over';
  readonly run: RunRecord;
}

/** Result of `takeOver`. */
export type TakeOverAnswer =
  /** The run belongs to the runner under a new fence; the earlier owner can no longer write. */
  | { readonly outcome: 'taken'; readonly fence: number; readonly run: RunDetails }
  /** Its owner lives. */
  | { readonly outcome: 'owned'; readonly run: RunRecord }
  /** It needs no owner: it has not begun, or is over. */
  | { readonly outcome: 'not_under_way'; readonly run: RunRecord };

/** Transition of a run by its owner. */
export interface RunMove {
  readonly fence: number;
  readonly to: RunState;
  /** One sentence. */
  readonly reason?: string;
  /** Verification, facts, error: kept with the run and in the audit. */
  readonly detail?: JsonObject;
}

/** A run, and whether this call decided it. */
export interface Decided {
  readonly decided: boolean;
  readonly run: RunRecord;
}

/**
 * The runs. Every method that names a run throws `RUN_NOT_FOUND`. Losing a race is a return value;
 * breaking a rule throws.
 */
export interface Runs {
  /** One run for a plan and for a key: a second call gets the run of the first and `created: false`. */
  create(request: NewRun): Promise<{ created: boolean; run: RunRecord }>;
  /** The run that a document, or a key of a requester, has already. */
  find(known: KnownRun): Promise<RunRecord | null>;
  get(runId: string): Promise<RunDetails>;
  /** Newest first. */
  list(filter?: RunFilter): Promise<readonly RunRecord[]>;
  /**
   * The run that last gave back one of these resources, which it had for itself, and is in one of the
   * states; `null` when there is none.
   */
  lastOn(asked: DisturbedFilter): Promise<RunRecord | null>;
  /**
   * Runs that sent something after this one had begun to, and had one of these resources for themselves, oldest
   * first; those made to take this one back are left out.
   */
  laterOn(runId: string, resources: readonly string[]): Promise<readonly RunRecord[]>;
  /** Audit entries of a run, oldest first; only those after the entry `after`. */
  events(runId: string, options?: { after?: number }): Promise<readonly AuditEntry[]>;
  /** The last entries of the audit: what is written later has a greater place in its chain. */
  lastEntries(): Promise<AuditPosition>;
  /** Moves a run from `planned` to `approved`, `awaiting_approval` or `refused`. The first decision holds: `decided: false` for the others. */
  decide(runId: string, decision: Decision, by: Actor): Promise<Decided>;
  /** Ends a run before it was claimed, because the re-check or a changed policy says no. Throws `RUN_STATE_CONFLICT` once it was claimed. */
  refuse(
    runId: string,
    refused: { by: Actor; reason: string; detail?: JsonObject },
  ): Promise<RunRecord>;
  /** Obstacle to a run of this plan now; `null`: none. Writes nothing. */
  foresee(asked: ForeseenClaim): Promise<Obstacle | null>;
  /** Moves a run from `approved` to `executing`: all or nothing, in one transaction, with everything that decides looked at in it. */
  claim(runId: string, terms: ClaimTerms): Promise<ClaimAnswer>;
  /** Journal before act. On disk when it answers. */
  intend(runId: string, owner: { fence: number; index: number }): Promise<IntendAnswer>;
  /**
   * Records the result of a request. Throws `FENCED` when the run is no longer this owner's; the result
   * is recorded all the same, for the next owner.
   */
  recordResult(
    runId: string,
    owner: { fence: number; index: number },
    result: SendResult,
  ): Promise<void>;
  /** Adds an entry to the timeline without a transition. Throws `FENCED`. */
  note(runId: string, fence: number, seen: { what: string; details: JsonObject }): Promise<void>;
  /**
   * Moves a run on. A run that is over gives its locks back and settles its lease in the same
   * transaction; an inverse that succeeds makes its run `undone`. Throws `FENCED`, and
   * `RUN_STATE_CONFLICT` for a transition that the table does not know.
   */
  move(runId: string, move: RunMove): Promise<RunRecord>;
  /** Cheap read between two polls of the effect. */
  signals(runId: string, fence: number): Promise<RunSignals>;
  cancel(runId: string, wish: { by: Actor; reason: string }): Promise<CancelAnswer>;
  /** Runs under way whose owner is dead. */
  abandoned(): Promise<readonly RunRecord[]>;
  /** Also for `unknown` runs, which have no owner: so one runner at a time reconciles them. */
  takeOver(runId: string, runner: Runner): Promise<TakeOverAnswer>;
  /** Lets everything expire whose time is over. Other calls do that for the run they touch. */
  expire(by: Actor): Promise<readonly RunRecord[]>;
}
