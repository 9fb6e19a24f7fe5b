import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import type { PlanFault } from '../claim.ts';
import type { Database } from './database.ts';
import type { RunRow } from './run-row.ts';
import type { RunTable } from './run-table.ts';
import type { Statement } from './statement.ts';

type Sealed =
  | { readonly plan: Plan; readonly fault: null }
  | { readonly plan: null; readonly fault: PlanFault };

/** Holds the plan of a run against its digest, the run's row and the audit, inside a transaction. */
export class PlanSeal {
  readonly #runs: RunTable;
  readonly #told: Statement<{ digest: string }>;

  constructor(database: Database, runs: RunTable) {
    this.#runs = runs;
    this.#told = database.prepare(
      `SELECT DISTINCT entry ->> '$.digest' AS digest FROM audit
       WHERE run_id = ? AND entry ->> '$.digest' IS NOT NULL`,
    );
  }

  /** The plan that is to be carried out, or the first difference. */
  read(run: RunRow): Sealed {
    const plan = this.#runs.readPlan(run.id);
    if (plan === null) {
      return { plan, fault: createFault('the plan cannot be read', run.digest, 'unreadable') };
    }
    const fault = this.#faultOf(run, plan);
    return fault === null ? { plan, fault } : { plan: null, fault };
  }

  #faultOf(run: RunRow, plan: Plan): PlanFault | null {
    const actual = digestPlan(plan);
    if (actual !== run.digest || plan.digest !== run.digest) {
      return createFault('the plan has another digest than was recorded', run.digest, actual);
    }
    const told = this.#told.all(run.id).find(({ digest }) => digest !== actual);
    if (told !== undefined) {
      return createFault('the audit tells of a plan with another digest', told.digest, actual);
    }
    const { name, plugin, system } = plan.subject;
    const planned = [name, plugin, system.kind, system.id, plan.action].join(' ');
    const row = [run.subject, run.plugin, run.system_kind, run.system_id, run.action].join(' ');
    return planned === row
      ? null
      : createFault('the run is about something else than its plan', row, planned);
  }
}

function createFault(message: string, recorded: string, actual: string): PlanFault {
  return { message, recorded, actual };
}
