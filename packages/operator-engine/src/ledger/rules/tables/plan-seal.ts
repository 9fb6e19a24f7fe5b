import { digestPlan } from 'operator-core';
import type { Plan } from 'operator-core';
import { redactText } from '../../../secrets/redact.ts';
import type { PlanFault } from '../../claim.ts';
import type { RunRow } from './run-row.ts';
import type { RunTable } from './run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

type Sealed =
  | { readonly plan: Plan; readonly fault: null }
  | { readonly plan: null; readonly fault: PlanFault };

/** Holds the plan of a run against its digest, the run's row and the audit, inside a transaction. */
export class PlanSeal {
  readonly #runs: RunTable;
  readonly #told: Statement<{ digest: string }>;

  constructor(runs: RunTable) {
    this.#runs = runs;
    this.#told = new Statement(
      `SELECT DISTINCT MEMBER(entry, 'digest') AS digest FROM audit
       WHERE run_id = ? AND MEMBER(entry, 'digest') IS NOT NULL`,
    );
  }

  /** The plan to carry out, or the first difference. */
  async read(transaction: Queries, run: RunRow): Promise<Sealed> {
    const plan = await this.#runs.readPlan(transaction, run.id);
    if (plan === null) {
      return { plan, fault: createFault('the plan cannot be read', run.digest, 'unreadable') };
    }
    const fault = await this.#faultOf(transaction, run, plan);
    return fault === null ? { plan, fault } : { plan: null, fault };
  }

  async #faultOf(transaction: Queries, run: RunRow, plan: Plan): Promise<PlanFault | null> {
    const actual = digestPlan(plan);
    if (actual !== run.digest || plan.digest !== run.digest) {
      return createFault('the plan has another digest than was recorded', run.digest, actual);
    }
    const told = (await this.#told.all(transaction, run.id)).find(
      ({ digest }) => digest !== actual,
    );
    if (told !== undefined) {
      return createFault('the audit tells of a plan with another digest', told.digest, actual);
    }
    return this.#differenceOf(run, plan);
  }

  /** The first column that says something else than the plan that it was copied from. */
  #differenceOf(run: RunRow, plan: Plan): PlanFault | null {
    const { name, plugin, system } = plan.subject;
    const summary = redactText(plan.summary);
    const columns = [
      ['subject', run.subject, name],
      ['plugin', run.plugin, plugin],
      ['system', run.system_kind, system.kind],
      ['system', run.system_id, system.id],
      ['version of the system', run.system_version, system.version ?? null],
      ['action', run.action, plan.action],
      ['risk', run.risk_level, plan.riskLevel],
      ['summary', run.summary, summary],
      ['number of requests', run.request_count, plan.requests.length],
    ] as const;
    const other = columns.find(([, row, planned]) => row !== planned);
    if (other === undefined) return null;
    const [what, row, planned] = other;
    const message = `the run is about something else than its plan: its ${what} is another`;
    return createFault(message, String(row), String(planned));
  }
}

function createFault(message: string, recorded: string, actual: string): PlanFault {
  return { message, recorded, actual };
}
