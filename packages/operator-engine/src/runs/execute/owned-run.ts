import type { RunCondition } from '../../ledger/run-condition.ts';
import type { ActionCall, GateContext } from '../../subject/gate-context.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { TrustedPlan } from '../../planning/trusted-plan.ts';
import type { Journal } from './journal.ts';
import type { RunnerSession } from '../../ledger/runner-session.ts';

/** One run that this process owns. */
export interface OwnedRun {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly plan: TrustedPlan;
  readonly call: ActionCall;
  readonly journal: Journal;
  readonly session: RunnerSession;
  /** The condition that must hold after the effect is proven; `null`: none. */
  readonly condition: RunCondition | null;
  /** Follow the effect until it is proven. */
  readonly wait: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Time at which sending began: in milliseconds since the epoch, and by `performance.now()`. */
export interface SentAt {
  readonly at: number;
  readonly startedAt: number;
}
