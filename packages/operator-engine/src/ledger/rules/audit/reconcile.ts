import { mapInTurn } from '../store/in-turn.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

/** One way in which a row can say what the audit does not: SQL that lists where, and how that is told. */
interface Question {
  readonly sql: string;
  readonly tell: (id: string) => string;
}

const MOST = 20;

/** The last entry of a kind for each run, with what it moved to. */
const lastMoves = (kind: string): string =>
  `(SELECT run_id, MEMBER(entry, 'details.to') AS state FROM audit
    JOIN (SELECT max(sequence) AS last FROM audit WHERE kind = '${kind}' GROUP BY run_id) AS ends ON sequence = last)`;

const QUESTIONS: readonly Question[] = [
  {
    sql: `SELECT id FROM run LEFT JOIN ${lastMoves('run_moved')} AS told ON told.run_id = run.id
      WHERE run.state <> coalesce(told.state, 'planned')`,
    tell: (id) => `run ${id} is in another state than the audit tells`,
  },
  {
    sql: `SELECT id FROM run LEFT JOIN audit AS told ON told.run_id = run.id AND told.kind = 'run_created'
      WHERE MEMBER(told.entry, 'digest') IS DISTINCT FROM run.digest
        OR MEMBER(told.entry, 'actor.kind') IS DISTINCT FROM run.requester_kind
        OR MEMBER(told.entry, 'actor.name') IS DISTINCT FROM run.requester_name`,
    tell: (id) => `run ${id} has another requester or another plan than the audit tells`,
  },
  {
    sql: `SELECT DISTINCT run_id AS id FROM approval WHERE NOT EXISTS (
      SELECT 1 FROM audit AS told WHERE told.run_id = approval.run_id AND told.kind = 'approval_given'
        AND MEMBER(told.entry, 'actor.kind') = approval.approver_kind
        AND MEMBER(told.entry, 'actor.name') = approval.approver_name)`,
    tell: (id) => `run ${id} has a consent that the audit knows nothing of`,
  },
  {
    sql: `SELECT lease.run_id AS id FROM lease
      LEFT JOIN ${lastMoves('lease_moved')} AS told ON told.run_id = lease.run_id
      WHERE lease.state <> coalesce(told.state, 'planned')`,
    tell: (id) => `the lease of run ${id} is in another state than the audit tells`,
  },
  {
    sql: `SELECT run_id AS id FROM audit WHERE kind = 'lease_planned'
      AND EXISTS (SELECT 1 FROM run WHERE run.id = audit.run_id)
      AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.run_id = audit.run_id)`,
    tell: (id) => `the lease of run ${id} is in the audit, and its row is missing`,
  },
  {
    sql: `SELECT mode AS id FROM mode WHERE mode <> coalesce(
      (SELECT MEMBER(entry, 'details.to') FROM audit WHERE kind = 'mode_changed' ORDER BY sequence DESC LIMIT 1), mode)`,
    tell: (mode) => `the mode is ${mode}, and the audit records another one`,
  },
  {
    sql: `SELECT kind AS id FROM (SELECT kind FROM audit WHERE kind IN ('stopped', 'resumed') ORDER BY sequence DESC LIMIT 1) AS told
      WHERE (kind = 'stopped') <> (SELECT stop_since IS NOT NULL FROM mode)`,
    tell: (kind) => `the audit tells last that everything was ${kind}, and it is not so`,
  },
];

/**
 * Differences between the rows of a ledger and its audit. The audit detects changes of itself; this
 * detects changes beside it. As sentences; empty when both agree.
 */
export async function reconcile(transaction: Queries): Promise<readonly string[]> {
  const found = await mapInTurn(QUESTIONS, async ({ sql, tell }) => {
    const statement = new Statement<{ id: string }>(`${sql} LIMIT ${MOST}`);
    return (await statement.all(transaction)).map(({ id }) => tell(id));
  });
  return found.flat();
}
