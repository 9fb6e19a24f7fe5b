import { advise, isJsonObject } from 'operator-core';
import type { OperatorError, Plan } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { operations } from '../../../errors/operations.ts';
import { isOwned } from '../../run-state.ts';
import type { RunState } from '../../run-state.ts';
import type { RunRow } from './run-row.ts';

import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

/** Finds runs and their plans, inside a transaction. */
export class RunTable {
  readonly #byId: Statement<RunRow>;
  readonly #plan: Statement<{ document: string }>;

  constructor() {
    this.#byId = new Statement('SELECT * FROM run WHERE id = ?');
    this.#plan = new Statement('SELECT document FROM plan WHERE run_id = ?');
  }

  /** Throws `RUN_NOT_FOUND`. */
  async get(transaction: Queries, runId: string): Promise<RunRow> {
    const row = await this.find(transaction, runId);
    if (row !== undefined) return row;
    throw createEngineError('RUN_NOT_FOUND', {
      message: `There is no run ${runId} in the ledger.`,
      remedy: advise`Look for its id with ${operations.listRuns}; old runs may have been pruned.`,
      facts: { runId },
    });
  }

  async find(transaction: Queries, runId: string): Promise<RunRow | undefined> {
    return this.#byId.get(transaction, runId);
  }

  /** Throws `FENCED` when the run is no longer that owner's. */
  async getOwned(transaction: Queries, runId: string, fence: number): Promise<RunRow> {
    const row = await this.get(transaction, runId);
    if (row.fence === fence) return row;
    throw createFenced(row, fence);
  }

  /** The plan as it stands there now; `null` when it is no JSON object any more. */
  async readPlan(transaction: Queries, runId: string): Promise<Plan | null> {
    try {
      const plan = await this.planOf(transaction, runId);
      const found: unknown = plan;
      return isJsonObject(found) ? plan : null;
    } catch {
      return null;
    }
  }

  async planOf(transaction: Queries, runId: string): Promise<Plan> {
    const document = (await this.#plan.get(transaction, runId))?.document ?? 'null';
    // Written by this ledger from a plan.
    return JSON.parse(document) as Plan;
  }
}

/** `RUN_STATE_CONFLICT`. */
export function createStateConflict(row: RunRow, wanted: string): OperatorError {
  return createEngineError('RUN_STATE_CONFLICT', {
    message: `Run ${row.id} is ${row.state}: it cannot ${wanted}.`,
    remedy: advise`Look at it with ${operations.showRun(row.id)}.`,
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
    remedy: advise`Follow it with ${operations.watchRun(row.id)}.`,
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
