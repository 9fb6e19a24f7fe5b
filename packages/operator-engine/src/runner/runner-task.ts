import type { JsonObject, Remedy } from 'operator-core';
import type { Ledger } from '../ledger/ledger.ts';
import type { WatchEvent } from './watch-event.ts';
import type { WatchParts } from './watch-parts.ts';

/** Work that a runner looks for in every round and does for one run at a time, several runs side by side. */
export interface RunnerTask {
  /** Name in events about problems: `recover`. */
  readonly name: string;
  /** True for work that continues while everything is stopped, because it sends nothing. */
  readonly runsWhileStopped: boolean;
  /** Kind of the event when it fails. */
  readonly failure: WatchEvent['kind'];
  /** Ids of the runs that need this task now. Changes nothing. */
  due(): Promise<readonly string[]>;
  /** Performs the task for one run. Called again later when it throws. */
  do(runId: string): Promise<void>;
}

/** Ledger, parts and event reports that a task may use. */
export interface TaskContext {
  readonly parts: WatchParts;
  readonly ledger: Ledger;
  readonly signal: AbortSignal | undefined;
  readonly report: Report;
}

/** Reports an event of the runner. */
export type Report = (
  kind: WatchEvent['kind'],
  message: string,
  about?: {
    readonly runId?: string | null;
    readonly details?: JsonObject;
    readonly remedy?: Remedy;
  },
) => void;
