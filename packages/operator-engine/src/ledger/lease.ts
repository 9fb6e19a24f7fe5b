import type { JsonObject, SystemIdentity } from 'operator-core';
import type { Actor, Runner } from './actor.ts';
import type { Decision } from './approval.ts';
import type { Stop } from './mode.ts';

/**
 * The states of a lease and their legal transitions.
 *
 * - `planned`: written before the effect; nothing that makes it was accepted yet
 * - `active`: the effect is, or may be, in force
 * - `ending`: a runner is removing the effect
 * - `ended`: the effect is removed, or never came into force
 * - `lost`: something else removed it; also when it is put back, it is not ours any more
 * - `superseded`: what its end would remove is more than was leased, and policy denies that; the effect stays
 * - `released`: its owner gave it up, and the effect stays in the system
 */
export const LEASE_TRANSITIONS = {
  planned: ['active', 'ending', 'ended', 'lost', 'superseded', 'released'],
  active: ['ending', 'ended', 'lost', 'superseded', 'released'],
  ending: ['active', 'ended', 'lost', 'superseded', 'released'],
  ended: [],
  lost: [],
  superseded: [],
  released: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A state of {@link LEASE_TRANSITIONS}. */
export type LeaseState = keyof typeof LEASE_TRANSITIONS;

/** A state in which a lease is over. */
export type ClosedState = 'ended' | 'lost' | 'superseded' | 'released';

/** True when a lease in this state is over: it is not removed at its end, and keeps no other run away. */
export function isClosed(state: LeaseState): boolean {
  return LEASE_TRANSITIONS[state].length === 0;
}

/** States of a lease that is not closed. */
export const OPEN_LEASE_STATES: readonly LeaseState[] = ['planned', 'active', 'ending'];

/** True when the effect of a lease is, or may be, in force. */
export function isInForce({ state }: Pick<Lease, 'state'>): boolean {
  return state === 'active' || state === 'ending';
}

/** A standing effect with an owner and an end. Times are RFC 3339, UTC. */
export interface Lease {
  /** The run that made it; also the name of the lease. */
  readonly runId: string;
  readonly state: LeaseState;
  /** Reason for the state; `null` where the state explains itself. */
  readonly reason: string | null;
  readonly subject: string;
  readonly system: SystemIdentity;
  /** Name of the standing effect, as the plugin calls it. */
  readonly effect: string;
  /** The resource with the standing effect: `lamp:4`. */
  readonly resource: string;
  /** Requester. */
  readonly owner: Actor;
  readonly createdAt: string;
  /** Time of its removal; `null`: no end. */
  readonly endsAt: string | null;
  readonly endedAt: string | null;
  /** The id of the runner that is removing it, in `ending`. */
  readonly endingBy: string | null;
}

/** Answer to a runner that wants to remove the effect of a lease. */
export type EndAnswer =
  /** It may: it plans the inverse as a run with the purpose `lease_end`. */
  | { readonly outcome: 'begun'; readonly lease: Lease }
  /** Another living runner is at it. */
  | { readonly outcome: 'owned'; readonly lease: Lease }
  /** There is nothing left to remove. */
  | { readonly outcome: 'closed'; readonly lease: Lease }
  /** Nothing proves to this process that the effect is the run's: it is not removed. The lease stays as it is. */
  | { readonly outcome: 'unproven'; readonly lease: Lease; readonly why: readonly string[] }
  /** The kill switch is thrown, or nothing runs in this mode. */
  | { readonly outcome: 'stopped'; readonly lease: Lease; readonly stop: Stop | null };

/** Filter of leases. */
export interface LeaseFilter {
  /** Default: every state. */
  readonly states?: readonly LeaseState[];
  readonly subject?: string;
}

/** The standing effects. They are made by `runs.claim`, never here. */
export interface Leases {
  /** Throws `LEASE_NOT_FOUND`. */
  get(runId: string): Promise<Lease>;
  /** Newest first. */
  list(filter?: LeaseFilter): Promise<readonly Lease[]>;
  /**
   * Those whose end has come by the ledger's time and by the machine's clock and that are neither ended nor lost,
   * oldest end first. A jump of the clock that was not confirmed since their end was set does not count.
   */
  due(): Promise<readonly Lease[]>;
  /** Those whose end has come by one clock only, or only if a jump of the clock was right. */
  held(): Promise<readonly Lease[]>;
  /** Sets the end to `forMs` from now; `null`: no end. Throws `LEASE_STATE_CONFLICT` unless planned or active. */
  extend(
    runId: string,
    change: { forMs: number | null; by: Actor; reason: string },
  ): Promise<Lease>;
  /** Does what `extend` does, but only to an end that is not later; `null`, and nothing done, for a later one. */
  shorten(
    runId: string,
    change: { forMs: number | null; by: Actor; reason: string },
  ): Promise<Lease | null>;
  /** An end that could not be brought about: the lease is `active` again. Nothing when it is not this runner's. */
  giveBack(runId: string, change: { runner: Runner; reason: string }): Promise<Lease>;
  /**
   * Writes down that the system does not show the effect any more. `null` while a run is under way on its
   * resource, or a living runner ends it: then the effect is on its way.
   */
  lose(
    runId: string,
    change: { state: 'ended' | 'lost'; by: Actor; reason: string },
  ): Promise<Lease | null>;
  /**
   * The reasons why nothing proves to this process that the effect of a lease is its run's; empty when it is proven.
   * `origin`: see {@link ClaimTerms.origin}.
   */
  whyUnproven(runId: string, origin: Decision | null): Promise<readonly string[]>;
  /** Makes `runner` the one that removes the effect; a dead one's work is taken over. `origin`: as of a claim. */
  beginEnd(
    runId: string,
    change: { runner: Runner; reason: string; origin?: Decision },
  ): Promise<EndAnswer>;
  /**
   * Writes down that the lease is over: `ended` (removed, or never ours: it was there before), `lost`
   * (something else removed it), `superseded` or `released`. A run with the purpose `lease_end` or `undo` that succeeds does
   * that by itself. Throws `LEASE_STATE_CONFLICT` when it is closed already.
   */
  close(
    runId: string,
    change: { state: ClosedState; by: Actor; reason: string; details?: JsonObject },
  ): Promise<Lease>;
}
