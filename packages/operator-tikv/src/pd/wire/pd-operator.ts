/** An operator of PD: a change of one region that PD is carrying out or has carried out (PD API, operators). */
export interface PDOperator {
  readonly regionId: number;
  /** Creator: `admin-transfer-leader`, `balance-leader-scheduler`, `remove-orphan-peer`. */
  readonly description: string;
  /** Brief description: `transfer leader: store 1 to 2`. */
  readonly brief: string;
  /** Epoch of the region when it was made. */
  readonly epoch: { readonly confVer: number; readonly version: number };
  /** Milliseconds it may take; `null` when PD does not report it. */
  readonly timeoutMs: number | null;
  /** `admin`, `leader`, `region`, …; `null` when PD does not report it. */
  readonly kinds: readonly string[] | null;
  /** Milliseconds since the epoch; `null` when PD does not tell. */
  readonly createdAtMs: number | null;
  /** Milliseconds since the epoch; `null` when it has not started or PD does not report it. */
  readonly startedAtMs: number | null;
  /** Number of steps that are done; `null` when PD does not report it. */
  readonly currentStep: number | null;
  /** `transfer leader from store 1 to store 2`; empty when PD does not report it. */
  readonly steps: readonly string[];
  readonly sizeMiB: number | null;
}

/** The words that PD uses for the state of an operator (PD API, operators). */
export const PD_OPERATOR_STATUSES = [
  'CREATED',
  'RUNNING',
  'SUCCESS',
  'CANCEL',
  'REPLACE',
  'TIMEOUT',
  'UNKNOWN',
] as const;

/** See {@link PD_OPERATOR_STATUSES}. */
export type PDOperatorStatus = (typeof PD_OPERATOR_STATUSES)[number];

/**
 * The running operator of a region or, when none runs, the record of its last one. PD keeps one record
 * a region for ten minutes, and a checker's operator may take its place within 0.2 s: compare
 * `description` and `brief`, then read the region.
 */
export interface PDOperatorState extends PDOperator {
  readonly status: PDOperatorStatus;
}

/** A finished operator (PD API, operators). PD does not report how it ended, except by `marker`. */
export interface PDOperatorRecord extends PDOperator {
  /** `finished`: all steps done. `timeout`: out of time. `null`: cancelled, replaced or refused. */
  readonly marker: 'finished' | 'timeout' | null;
  /** Milliseconds since the epoch; `null` when it cannot be read. */
  readonly finishedAtMs: number | null;
}
