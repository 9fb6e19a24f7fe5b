import type { JsonObject, Plan, SendResult, SystemIdentity } from 'operator-core';
import type { RunState } from './run-state.ts';
import type { Actor, Runner } from './actor.ts';
import type { Decision } from './approval.ts';
import type { AuditEntry } from './audit-log.ts';
import type { ClaimAnswer, ClaimTerms, ForeseenClaim, Obstacle, Stopped } from './claim.ts';
import type { CancelRequest, RunDetails, RunPurpose, RunRecord } from './run-record.ts';

/** What a run is made of. */
export interface RunRequest {
  readonly plan: Plan;
  /** Digest of the document that was brought, where the plan was made again from it. Default: the plan's own. One document has one run. */
  readonly document?: string;
  readonly requester: Actor;
  /** The caller's own name for this call, so that a retried call finds the run of the first. Per requester. */
  readonly idempotencyKey?: string;
  /** Milliseconds from now until it expires unless it was executed. */
  readonly expiresInMs: number;
  /** For plans with a standing effect: milliseconds from the claim until it is removed. Default: until somebody ends it. */
  readonly leaseMs?: number;
  /** Default: a change. */
  readonly purpose?: RunPurpose;
  /** The names of parameters that must not reach the audit. */
  readonly secretParameters?: readonly string[];
}

/** By what a run is found again. */
export interface KnownRun {
  /** Digest of the plan document. */
  readonly document?: string;
  readonly requester?: Actor;
  readonly idempotencyKey?: string | undefined;
}

/** Which runs to list. Left out: all. */
export interface RunFilter {
  readonly states?: readonly RunState[];
  readonly subject?: string;
  readonly action?: string;
  readonly requester?: string;
  /** Runs made for this one: undo, lease end, cancel. */
  readonly of?: string;
  /** Only runs with a smaller `sequence`: the last of the page before. */
  readonly before?: number;
  /** Default: 50, at most 1,000. */
  readonly limit?: number;
}

/** Which run disturbed something last. */
export interface DisturbedFilter {
  readonly system: Pick<SystemIdentity, 'kind' | 'id'>;
  readonly resources: readonly string[];
  readonly states: readonly RunState[];
}

/** What became of the wish to send a request. */
export type IntendAnswer =
  /** Written down, on disk. The right ends `validForMs` after `intend` was called: look again before the first byte. */
  | { readonly outcome: 'may_send'; readonly validForMs: number }
  /** It was written down before, by this or an earlier owner: it must not be sent again. */
  | { readonly outcome: 'already_intended'; readonly result: SendResult | null }
  | { readonly outcome: 'cancelled'; readonly cancel: CancelRequest }
  /** The run is no longer this owner's. */
  | { readonly outcome: 'fenced'; readonly run: RunRecord }
  | Stopped;

/** What an owner should know between two looks. */
export interface RunSignals {
  readonly isFenced: boolean;
  readonly cancel: CancelRequest | null;
  /** `null` when the run may go on. */
  readonly stopped: Stopped | null;
}

/** What became of the wish to end a run. */
export interface CancelAnswer {
  /** `cancelled`: it never sends. `requested`: its owner will see it. `over`: too late. */
  readonly outcome: 'cancelled' | 'requested' | 'over';
  readonly run: RunRecord;
}

/** What became of taking over a run. */
export type TakeOverAnswer =
  /** The run is the runner's under a new fence; the earlier owner can do nothing any more. */
  | { readonly outcome: 'taken'; readonly fence: number; readonly run: RunDetails }
  /** Its owner lives. */
  | { readonly outcome: 'owned'; readonly run: RunRecord }
  /** It needs nobody: it has not begun, or is over. */
  | { readonly outcome: 'not_under_way'; readonly run: RunRecord };

/** Where a run goes, by its owner. */
export interface RunMove {
  readonly fence: number;
  readonly to: RunState;
  /** One sentence. */
  readonly reason?: string;
  /** Verification, facts, error: kept with the run and in the audit. */
  readonly detail?: JsonObject;
}

/** A run, and whether this call is what brought it there. */
export interface Decided {
  readonly decided: boolean;
  readonly run: RunRecord;
}

/**
 * The runs. Every method that names a run throws `RUN_NOT_FOUND`. Whoever loses a race gets an answer;
 * whoever breaks a rule gets an error.
 */
export interface Runs {
  /** One run for a plan and for a key: whoever comes second gets the first one's run and `created: false`. */
  create(request: RunRequest): Promise<{ created: boolean; run: RunRecord }>;
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
  /** What the audit says of a run, oldest first; only what came after the entry `after`. */
  events(runId: string, options?: { after?: number }): Promise<readonly AuditEntry[]>;
  /** From `planned` to `approved`, `awaiting_approval` or `refused`. The first decision holds: `decided: false` for the others. */
  decide(runId: string, decision: Decision, by: Actor): Promise<Decided>;
  /** Ends a run before it was claimed, because the re-check or a changed policy says no. Throws `RUN_STATE_CONFLICT` once it was claimed. */
  refuse(
    runId: string,
    refused: { by: Actor; reason: string; detail?: JsonObject },
  ): Promise<RunRecord>;
  /** What would stand in the way of a run of this plan now; `null`: nothing. Writes nothing. */
  foresee(asked: ForeseenClaim): Promise<Obstacle | null>;
  /** From `approved` to `executing`: all or nothing, in one transaction, with everything that decides looked at in it. */
  claim(runId: string, terms: ClaimTerms): Promise<ClaimAnswer>;
  /** Journal before act. On disk when it answers. */
  intend(runId: string, owner: { fence: number; index: number }): Promise<IntendAnswer>;
  /**
   * What became of a request. Throws `FENCED` when the run is no longer this owner's; the answer is
   * written down all the same, for whoever has to find out.
   */
  settle(runId: string, owner: { fence: number; index: number }, result: SendResult): Promise<void>;
  /** Something seen on the way, for the timeline: no transition. Throws `FENCED`. */
  note(runId: string, fence: number, seen: { what: string; details: JsonObject }): Promise<void>;
  /**
   * Moves a run on. A run that is over gives its locks back and settles its lease in the same
   * transaction; an inverse that succeeds makes its run `undone`. Throws `FENCED`, and
   * `RUN_STATE_CONFLICT` for a transition that the table does not know.
   */
  move(runId: string, move: RunMove): Promise<RunRecord>;
  /** A cheap look between two looks at the effect. */
  signals(runId: string, fence: number): Promise<RunSignals>;
  cancel(runId: string, wish: { by: Actor; reason: string }): Promise<CancelAnswer>;
  /** Runs under way whose owner is dead. */
  abandoned(): Promise<readonly RunRecord[]>;
  /** Also for `unknown` runs, which nobody owns: so one runner at a time settles them by reading. */
  takeOver(runId: string, runner: Runner): Promise<TakeOverAnswer>;
  /** Lets everything expire whose time is over. Other calls do that for the run they touch. */
  expire(by: Actor): Promise<readonly RunRecord[]>;
}
