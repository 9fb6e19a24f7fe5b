import type { GatePolicy } from '../gate/gate-policy.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Lease, LeaseFilter } from '../ledger/lease.ts';
import { openForRun } from '../runs/subjects.ts';
import type { RunSubjects } from '../runs/subjects.ts';
import { endLease } from './end-lease.ts';
import type { EndOptions, LeaseEnd } from './end-lease.ts';
import { extendLease } from './extend-lease.ts';

/** The standing effects of all subjects, for people. */
export class EngineLeases {
  readonly #subjects: RunSubjects;
  readonly #actor: () => Actor;
  readonly #policy: () => GatePolicy;

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
   * Sets the end to `forMs` from now; `null`: until somebody ends it. Throws `LEASE_STATE_CONFLICT`, and
   * `POLICY_DENIED` for a later end that policy would not let the actor have.
   */
  async extend(runId: string, change: { forMs: number | null; reason: string }): Promise<Lease> {
    const ledger = await this.#subjects.openLedger();
    return extendLease(ledger, this.#policy(), { ...change, runId, by: this.#actor() });
  }

  /** Removes the effect now. See {@link endLease} for what it throws. */
  async end(runId: string, options: EndOptions): Promise<LeaseEnd> {
    const ledger = await this.#subjects.openLedger();
    await ledger.leases.get(runId);
    const context = await openForRun(this.#subjects, runId, options.signal);
    return endLease(context, runId, options);
  }
}
