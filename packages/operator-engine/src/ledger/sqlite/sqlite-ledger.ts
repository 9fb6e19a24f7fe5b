import { Statement } from './statement.ts';
import type { Queries } from './statement.ts';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { OwnerStatements } from '../../proofs/owner-statements.ts';
import type { Proofs } from '../../proofs/proofs.ts';
import type { Ledger } from '../ledger.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import type { Witness } from '../witness.ts';
import { SqliteApprovals } from './approvals.ts';
import { genesisOf } from './audit-chain.ts';
import { AuditQueries } from './audit-queries.ts';
import { SqliteModeSwitch } from './mode-table.ts';
import { openDatabase } from './open-database.ts';
import type { OnMigrated } from './open-database.ts';
import { MIGRATIONS } from './schema.ts';
import { ChangeGuard } from './change-guard.ts';
import { OwnerRights } from './owner-rights.ts';
import { SqlitePolicyBindings } from './policy-binding.ts';
import type { CurrentPolicy } from './policy-binding.ts';
import { RollbackGuard } from './rollback-guard.ts';
import { SqliteAudit } from './sqlite-audit.ts';
import { SqliteLeases } from './sqlite-leases.ts';
import { SqliteMaintenance } from './sqlite-maintenance.ts';
import { SqliteRunners } from './sqlite-runners.ts';
import { SqliteRuns } from './sqlite-runs.ts';
import { createTables } from './tables.ts';
import { LEDGER_ACTOR, Transactions } from './transaction.ts';

/** Options for opening an SQLite ledger. */
export interface SqliteLedgerOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly limits: LedgerLimits;
  readonly proofs: Proofs;
  readonly witness: Witness | null;
  /** `null` where rows count, because the host alone writes them. */
  readonly statements: OwnerStatements | null;
  readonly policy: CurrentPolicy;
}

/** Opens a ledger in one file, which is made or migrated as needed. */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<Ledger> {
  const { path, clock, limits } = options;
  const onMigrated: OnMigrated = async (made, { queries, migrated }) => {
    if (migrated.from === 0) await writeFirstRows(queries, clock);
    await SET_SCHEMA.run(queries, migrated.to);
    const kind = migrated.from === 0 ? 'ledger_created' : 'ledger_migrated';
    const entry = { actor: LEDGER_ACTOR, kind, details: { ...migrated } } as const;
    await new Transactions(made, { limits, clock }).within(
      queries,
      (open) => void open.append(entry),
    );
  };
  const { busyMs } = limits;
  const database = await openDatabase(path, { busyMs, migrations: MIGRATIONS, onMigrated });
  try {
    const transactions = new Transactions(database, { limits, clock });
    return await assemble(transactions, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function assemble(
  transactions: Transactions,
  {
    proofs,
    witness,
    statements,
    policy,
  }: Pick<SqliteLedgerOptions, 'proofs' | 'witness' | 'statements' | 'policy'>,
): Promise<Ledger> {
  const { database, limits } = transactions;
  const id = await transactions.ledgerId();
  const tables = createTables(database.location, { limits, proofs, ledgerId: id });
  const queries = new AuditQueries(database.location);
  const audit = new SqliteAudit(transactions, queries);
  const mode = new SqliteModeSwitch(transactions, tables.mode);
  const rights =
    statements === null ? null : new OwnerRights(transactions, { statements, witness });
  const bindings = new SqlitePolicyBindings(transactions, { current: policy, rights });
  const rollback = new RollbackGuard(transactions, { witness, mode, rights });
  const guard = new ChangeGuard(rollback, bindings);
  const parts = { audit, queries, tables };
  return {
    id,
    location: database.location,
    limits,
    runs: new SqliteRuns(transactions, { tables, audit: queries, guard }),
    approvals: new SqliteApprovals(transactions, { tables, guard }),
    leases: new SqliteLeases(transactions, { tables, guard }),
    runners: new SqliteRunners(transactions, tables),
    mode,
    policy: bindings,
    audit,
    maintenance: new SqliteMaintenance(transactions, { ...parts, guard: rollback, bindings }),
    close: async () => {
      try {
        await guard.keep();
      } catch {
        // Before anything was sent it was kept. What was only read or approved must not fail by it.
      } finally {
        await database.close();
      }
    },
  };
}

const SET_SCHEMA = new Statement<never>('UPDATE control SET schema = ?');
const INSERT_CONTROL = new Statement<never>(
  `INSERT INTO control (id, ledger_id, schema, time_at, time_monotonic, time_boot, fence,
     head_sequence, head_hash, start_sequence, start_hash, time_anchor_at, time_anchor_monotonic)
   VALUES (1, ?, 0, ?, ?, ?, 0, 0, ?, 0, ?, ?, ?)`,
);
const INSERT_MODE = new Statement<never>(
  `INSERT INTO mode (id, mode, since) VALUES (1, 'autonomous', ?)`,
);

async function writeFirstRows(queries: Queries, clock: Clock): Promise<void> {
  const ledgerId = randomUUID();
  const { at: now, monotonic, boot } = clock.begin();
  const genesis = genesisOf(ledgerId);
  const time = [now, monotonic, boot] as const;
  await INSERT_CONTROL.run(queries, ledgerId, ...time, genesis, genesis, now, monotonic);
  await INSERT_MODE.run(queries, now);
}
