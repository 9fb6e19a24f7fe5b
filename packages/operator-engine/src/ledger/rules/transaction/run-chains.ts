import { ROOT_CHAIN } from '../../audit-log.ts';
import { chainOf } from './chain-row.ts';
import type { SystemColumns } from './chain-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

const MOST = 1_000;

/** The chains of runs. A run never moves to another system, so each is looked up once. */
export class RunChains {
  readonly #known = new Map<string, string>();
  readonly #system = new Statement<SystemColumns>(
    'SELECT system_kind, system_id FROM run WHERE id = ?',
  );

  /** Name of the chain of a run; the root chain for an unknown run. */
  async find(queries: Queries, runId: string): Promise<string> {
    const known = this.#known.get(runId);
    if (known !== undefined) return known;
    const system = await this.#system.get(queries, runId);
    if (system === undefined) return ROOT_CHAIN;
    // Runs that are over are seldom changed again.
    if (this.#known.size >= MOST) this.#known.clear();
    const name = chainOf(system);
    this.#known.set(runId, name);
    return name;
  }
}
