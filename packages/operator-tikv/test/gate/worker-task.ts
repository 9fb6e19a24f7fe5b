import type { Plan } from 'operator-core';
import type { EngineLimits, LedgerLimits, RunEvent, RunState, WatchEvent } from 'operator-engine';

/** What a worker does, one after the other. Without `runId`: to the run of the step before. */
export type Step =
  | { readonly do: 'request' | 'create'; readonly plan: Plan }
  | {
      readonly do: 'apply';
      readonly plan: Plan;
      readonly leaseMs?: number;
      readonly patienceMs?: number;
      /** Event at which it stops reading. */
      readonly endAt?: RunEvent['kind'];
      /** Event at which the run is cancelled. */
      readonly cancelAt?: RunEvent['kind'];
    }
  | {
      /** All at once. */
      readonly do: 'race';
      readonly plans: readonly Plan[];
      readonly patienceMs: number;
    }
  | { readonly do: 'resume' | 'approve' | 'reject' | 'cancel' }
  | { readonly do: 'undo' | 'end_lease' | 'follow'; readonly runId: string }
  | { readonly do: 'recover' | 'expire' }
  | { readonly do: 'walk'; readonly plan: Plan; readonly path: readonly RunState[] }
  | { readonly do: 'watch'; readonly until: WatchEvent['kind'] };

/** All that a worker is told. */
export interface WorkerTask {
  readonly directory: string;
  readonly actor: string;
  /** How far its clock stands behind this machine's. */
  readonly behindMs: number;
  /** The machine start that it believes in; `null`: the clock of this machine as it is. */
  readonly boot: string | null;
  readonly limits: Partial<EngineLimits>;
  readonly ledgerLimits: Partial<LedgerLimits>;
  /** `asked`: it stands at every point until it is told to go on. */
  readonly pace: 'asked' | 'free';
  readonly steps: readonly Step[];
}

/** What a worker is told. */
export type ToWorker =
  | { readonly kind: 'task'; readonly task: WorkerTask }
  | { readonly kind: 'go'; readonly number: number };

/** What a worker says. */
export type FromWorker =
  | { readonly kind: 'ready' | 'done' }
  | { readonly kind: 'at'; readonly number: number; readonly label: string }
  | { readonly kind: 'event'; readonly event: RunEvent['kind']; readonly runId: string }
  | {
      readonly kind: 'result';
      readonly runId: string;
      readonly state: RunState;
      readonly code: string | null;
    }
  | { readonly kind: 'watch'; readonly event: WatchEvent['kind'] }
  | {
      readonly kind: 'thrown';
      readonly code: string | null;
      readonly message: string;
      readonly runId: string | null;
    };
