import type { SendResult } from 'operator-core';
import type { LeaseState } from '../../src/ledger/lease.ts';
import { isLegalTransition } from '../../src/ledger/run-state.ts';
import type { RunState } from '../../src/ledger/run-state.ts';
import { MINUTE } from '../../src/ledger-suite/test-clock.ts';

export const TTL_MS = 10_000;
export const APPROVAL_MS = 15 * MINUTE;

/** A run as simply as it can be thought of. */
export interface ModelRun {
  state: RunState;
  readonly needed: number;
  readonly locks: readonly string[];
  readonly lease: string | null;
  readonly expiresAt: number;
  readonly approvals: Map<string, number>;
  owner: string | null;
  /** How many owners it has had: the real fence is compared for being the present one. */
  epoch: number;
  isCancelled: boolean;
  readonly requests: (SendResult['outcome'] | 'intended' | null)[];
  leaseState: LeaseState | null;
}

/** What a ledger promises, in a few maps: no SQL, no processes, no disk. */
export class LedgerModel {
  readonly runs: ModelRun[] = [];
  readonly beats = new Map<string, number>();
  /** The ledger's time, and the machine's clock, which only ever jumps back. */
  now = 0;
  wall = 0;
  isStopped = false;

  create(run: Pick<ModelRun, 'needed' | 'locks' | 'lease'> & { forMs: number }): void {
    this.runs.push({
      ...run,
      state: 'planned',
      expiresAt: this.now + run.forMs,
      approvals: new Map(),
      owner: null,
      epoch: 0,
      isCancelled: false,
      requests: [null, null],
      leaseState: null,
    });
  }

  decide(run: ModelRun): boolean {
    this.#expire(run);
    if (run.state !== 'planned') return false;
    run.state = run.needed === 0 ? 'approved' : 'awaiting_approval';
    return true;
  }

  approve(run: ModelRun, person: string): 'approved' | 'given' | 'conflict' {
    this.#expire(run);
    if (run.state !== 'awaiting_approval') return 'conflict';
    run.approvals.set(person, this.now + APPROVAL_MS);
    if (this.#holding(run) < run.needed) return 'given';
    run.state = 'approved';
    return 'approved';
  }

  claim(run: ModelRun, runner: string): string {
    this.#expire(run);
    if (this.#isWaiting(run) && run.expiresAt <= this.now) return 'CLOCK_IN_DOUBT';
    if (this.#isOwned(run)) return 'owned';
    if (run.state === 'planned' || run.state === 'awaiting_approval') return 'not_approved';
    if (run.state !== 'approved') return 'over';
    if (this.#holding(run) < run.needed) {
      if (this.#holding(run) + this.#doubtful(run) >= run.needed) return 'CLOCK_IN_DOUBT';
      run.state = 'expired';
      return 'over';
    }
    if (this.isStopped) return 'stopped';
    if (this.#isHeld(run)) return 'held';
    Object.assign(run, { state: 'executing', owner: runner, epoch: run.epoch + 1 });
    if (run.lease !== null) run.leaseState = 'planned';
    this.beats.set(runner, this.now);
    return 'claimed';
  }

  /** `isCurrent`: whether the fence that is given is the present owner's. */
  intend(run: ModelRun, index: number, isCurrent: boolean): string {
    if (!isCurrent || !this.#isOwned(run)) return 'fenced';
    this.beats.set(run.owner ?? '', this.now);
    if (run.state !== 'executing') return 'conflict';
    if (run.requests[index] !== null) return 'already_intended';
    if (run.isCancelled) return 'cancelled';
    if (this.isStopped) return 'stopped';
    run.requests[index] = 'intended';
    return 'may_send';
  }

  settle(run: ModelRun, index: number, outcome: SendResult['outcome']): void {
    if (run.requests[index] !== 'intended') return;
    run.requests[index] = outcome;
    if (outcome !== 'accepted' && outcome !== 'unknown') return;
    if (run.leaseState === 'planned') run.leaseState = 'active';
  }

  move(run: ModelRun, to: RunState, isCurrent: boolean): 'moved' | 'fenced' | 'conflict' {
    if (!isCurrent) return 'fenced';
    if (run.owner === null || !isLegalTransition(run.state, to) || to === 'undone')
      return 'conflict';
    run.state = to;
    if (!this.#isOwned(run)) this.#finish(run);
    return 'moved';
  }

  cancel(run: ModelRun): string {
    this.#expire(run);
    if (this.#isWaiting(run)) {
      run.state = 'cancelled';
      return 'cancelled';
    }
    if (!this.#isOwned(run)) return 'over';
    run.isCancelled = true;
    return 'requested';
  }

  takeOver(run: ModelRun, runner: string): string {
    if (!this.#isOwned(run) && run.state !== 'unknown') return 'not_under_way';
    if (this.#isAlive(run.owner)) return 'owned';
    Object.assign(run, { owner: runner, epoch: run.epoch + 1 });
    this.beats.set(runner, this.now);
    return 'taken';
  }

  closeLease(run: ModelRun): 'closed' | 'conflict' | 'missing' {
    if (run.leaseState === null) return 'missing';
    if (run.leaseState === 'ended') return 'conflict';
    run.leaseState = 'ended';
    return 'closed';
  }

  abandoned(): ModelRun[] {
    return this.runs.filter((run) => this.#isOwned(run) && !this.#isAlive(run.owner));
  }

  #finish(run: ModelRun): void {
    run.owner = null;
    if (run.leaseState !== 'planned') return;
    const mayBeThere = run.requests.some((request) =>
      ['intended', 'accepted', 'unknown'].includes(request ?? ''),
    );
    run.leaseState = mayBeThere ? 'active' : 'ended';
  }

  #isHeld(wanted: ModelRun): boolean {
    return this.runs.some((run) => {
      const shared = run.locks.some((lock) => wanted.locks.includes(lock));
      const stands = run.leaseState !== null && run.leaseState !== 'ended';
      const isSame = wanted.lease !== null && run.lease === wanted.lease;
      return (this.#isOwned(run) && shared) || (stands && isSame);
    });
  }

  #holding(run: ModelRun): number {
    return [...run.approvals.values()].filter((expiresAt) => expiresAt > this.now).length;
  }

  /** Consents that are over by one of the clocks. */
  #doubtful(run: ModelRun): number {
    return [...run.approvals.values()].filter(
      (expiresAt) => expiresAt <= this.now && !this.#isOver(expiresAt),
    ).length;
  }

  #isOver(deadline: number): boolean {
    return deadline <= (this.now - this.wall > MINUTE ? this.wall : this.now);
  }

  #isAlive(runner: string | null): boolean {
    const beat = runner === null ? undefined : this.beats.get(runner);
    return beat !== undefined && this.now - beat < TTL_MS;
  }

  #expire(run: ModelRun): void {
    if (this.#isWaiting(run) && this.#isOver(run.expiresAt)) run.state = 'expired';
  }

  #isWaiting({ state }: ModelRun): boolean {
    return state === 'planned' || state === 'awaiting_approval' || state === 'approved';
  }

  #isOwned({ state }: ModelRun): boolean {
    return state === 'executing' || state === 'verifying';
  }
}
