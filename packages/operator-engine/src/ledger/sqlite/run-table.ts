import { isJsonObject } from 'operator-core';
import type { OperatorError, Plan } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { isOwned } from '../run-state.ts';
import type { RunState } from '../run-state.ts';
import type { Database } from './database.ts';
import type { RunRow } from './run-row.ts';

import type { Statement } from './statement.ts';

/** Finds runs and their plans, inside a transaction. */
export class RunTable {
  readonly #byId: Statement<RunRow>;
  readonly #plan: Statement<{ document: string }>;

  constructor(database: Database) {
    this.#byId = database.prepare('SELECT * FROM run WHERE id = ?');
    this.#plan = database.prepare('SELECT document FROM plan WHERE run_id = ?');
  }

  /** Throws `RUN_NOT_FOUND`. */
  get(runId: string): RunRow {
    const row = this.find(runId);
    if (row !== undefined) return row;
    throw createEngineError('RUN_NOT_FOUND', {
      message: `There is no run ${runId} in the ledger.`,
      remedy: 'Look for its id with `operator runs`; old runs may have been pruned.',
      facts: { runId },
    });
  }

  find(runId: string): RunRow | undefined {
    return this.#byId.get(runId);
  }

  /** Throws `FENCED` when the run is no longer that owner's. */
  getOwned(runId: string, fence: number): RunRow {
    const row = this.get(runId);
    if (row.fence === fence) return row;
    throw createFenced(row, fence);
  }

  /** The plan as it stands there now; `null` when it is no JSON object any more. */
  readPlan(runId: string): Plan | null {
    try {
      const plan: unknown = this.planOf(runId);
      return isJsonObject(plan) ? this.planOf(runId) : null;
    } catch {
      return null;
    }
  }

  planOf(runId: string): Plan {
    const document = this.#plan.get(runId)?.document ?? 'null';
    // Written by this ledger from a plan.
    return JSON.parse(document) as Plan;
  }
}

/** `RUN_STATE_CONFLICT`. */
export function createStateConflict(row: RunRow, wanted: string): OperatorError {
  return createEngineError('RUN_STATE_CONFLICT', {
    message: `Run ${row.id} is ${row.state}: it cannot ${wanted}.`,
    remedy: `Look at it with \`operator runs show ${row.id}\`.`,
    facts: {
      runId: row.id,
      state: row.state,
      ...(row.reason === null ? {} : { reason: row.reason }),
    },
  });
}

/** `FENCED`. */
export function createFenced(row: RunRow, fence: number): OperatorError {
  const now = isOwned(row.state) ? `is ${row.state} under another runner` : `is ${row.state}`;
  return createEngineError('FENCED', {
    message: `Run ${row.id} was taken over and ${now}: the runner with fence ${fence} may do nothing any more.`,
    remedy: `Follow it with \`operator runs watch ${row.id}\`.`,
    facts: { runId: row.id, fence, current: row.fence, state: row.state, owner: row.owner },
  });
}

/** True when `fence` is the fence of the run's present owner. */
export function ownsRun(row: RunRow, fence: number): boolean {
  return row.fence === fence && isOwned(row.state);
}

/** The states, as SQL. They come from our own table, never from outside. */
export function statesInSql(states: readonly RunState[]): string {
  return states.map((state) => `'${state}'`).join(', ');
}
