import type { GatePolicy } from '../subject/gate-policy.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Lease, LeaseFilter } from '../ledger/lease.ts';
import { openForRun } from '../subject/subjects.ts';
import type { RunSubjects } from '../subject/subjects.ts';
import type { LeaseEnd } from '../leases/lease-end.ts';
import type { EndOptions } from '../leases/lease-end.ts';
import type { LeaseSight } from '../runs/recover/look-at-lease.ts';

/** Milliseconds for which a look at a lease is not repeated. */
const LOOK_AGAIN_MS = 3_000;

/** The standing effects of all subjects, for people. */
export class EngineLeases {
  readonly #subjects: RunSubjects;
  readonly #actor: () => Actor;
  readonly #policy: () => GatePolicy;
  readonly #sights = new Map<string, { at: number; sight: Promise<LeaseSight> }>();

  constructor(
    subjects: RunSubjects,
    { actor, policy }: { actor: () => Actor; policy: () => GatePolicy },
  ) {
    this.#subjects = subjects;
    this.#actor = actor;
    this.#policy = policy;
  }

  /** Newest first. */
  async list(filter: LeaseFilter = {}): Promise<readonly Lease[]> {
    return (await this.#subjects.openLedger()).leases.list(filter);
  }

  /** Throws `LEASE_NOT_FOUND`. */
  async get(runId: string): Promise<Lease> {
    return (await this.#subjects.openLedger()).leases.get(runId);
  }

  /**
   * Sets the end to `forMs` from now; `null`: no end. Throws `LEASE_STATE_CONFLICT`, and
   * `POLICY_DENIED` for a later end that policy would not let the actor have.
   */
  async extend(runId: string, change: { forMs: number | null; reason: string }): Promise<Lease> {
    const ledger = await this.#subjects.openLedger();
    const { extendLease } = await import('./run-operations.ts');
    return extendLease(ledger, this.#policy(), { ...change, runId, by: this.#actor() });
  }

  /** Removes the effect now. See `endLease` for what it throws. */
  async end(runId: string, options: Omit<EndOptions, 'subjects'>): Promise<LeaseEnd> {
    const ledger = await this.#subjects.openLedger();
    await ledger.leases.get(runId);
    const context = await openForRun(this.#subjects, runId, options.signal);
    const { endLease } = await import('./run-operations.ts');
    return endLease(context, runId, { ...options, subjects: this.#subjects });
  }

  /**
   * Releases a lease: its effect stays in the system, and nothing ends it. Needs the same permission as an
   * extension without end. Throws `LEASE_STATE_CONFLICT` and `POLICY_DENIED`.
   */
  async release(runId: string, { reason }: { reason: string }): Promise<Lease> {
    const ledger = await this.#subjects.openLedger();
    const { releaseLease } = await import('./run-operations.ts');
    return releaseLease(ledger, this.#policy(), { runId, reason, by: this.#actor() });
  }

  /**
   * The leases, newest first, each open one compared with the system: one without its effect is `lost`. Looks
   * at all of them at the same time, for 5 seconds at most, and again only after 3 seconds.
   */
  async look(
    filter: LeaseFilter = {},
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<readonly LeaseSight[]> {
    const leases = await this.list(filter);
    return Promise.all(leases.map(async (lease) => this.#lookAt(lease, options.signal)));
  }

  /** Compares the lease of one run with the system, as `look` does. Throws `LEASE_NOT_FOUND`. */
  async lookAt(
    runId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<LeaseSight> {
    return this.#lookAt(await this.get(runId), options.signal);
  }

  async #lookAt(lease: Lease, signal: AbortSignal | undefined): Promise<LeaseSight> {
    const { lookAtLeaseOf } = await import('./run-operations.ts');
    const now = performance.now();
    const known = this.#sights.get(lease.runId);
    if (known !== undefined && now - known.at < LOOK_AGAIN_MS) return known.sight;
    const sight = lookAtLeaseOf(this.#subjects, lease, signal);
    this.#sights.set(lease.runId, { at: now, sight });
    return sight;
  }
}
