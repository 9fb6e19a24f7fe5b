import { Statement } from './store/statement.ts';
import type { Queries } from './store/statement.ts';
import { randomUUID } from 'node:crypto';
import type { TimeReading } from '../../clock/advance-time.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Ledger } from '../ledger.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import type { Witness } from '../witness.ts';
import { StoredApprovals } from './runs/stored-approvals.ts';
import { ROOT_CHAIN } from '../audit-log.ts';
import { genesisOf } from './transaction/chain-row.ts';
import { AuditQueries } from './audit/audit-queries.ts';
import { StoredModeSwitch } from './tables/mode-table.ts';
import type { LedgerDriver, OnMigrated, StoreProofs } from './store/driver.ts';
import { MIGRATIONS } from './store/schema.ts';
import { ChangeGuard } from './guards/change-guard.ts';
import { OwnerRights } from './guards/owner-rights.ts';
import { StoredPolicyBindings } from './guards/policy-binding.ts';
import type { CurrentPolicy } from './guards/policy-binding.ts';
import { RollbackGuard } from './guards/rollback-guard.ts';
import { StoredAudit } from './audit/stored-audit.ts';
import { StoredLeases } from './runs/stored-leases.ts';
import { StoredMaintenance } from './audit/stored-maintenance.ts';
import { StoredRunners } from './runs/stored-runners.ts';
import { StoredRuns } from './runs/stored-runs.ts';
import { createTables } from './tables/tables.ts';
import { LEDGER_ACTOR, Transactions } from './transaction/transaction.ts';

/** Parts of an open ledger that come from its host. */
export interface LedgerParts extends StoreProofs {
  readonly clock: Clock;
  readonly limits: LedgerLimits;
  readonly witness: Witness | null;
  readonly policy: CurrentPolicy;
}

/** Opens a ledger where a driver says, and makes or migrates it as needed. */
export async function openStoredLedger(driver: LedgerDriver, parts: LedgerParts): Promise<Ledger> {
  const { clock, limits } = parts;
  const { busyMs } = limits;
  const onMigrated: OnMigrated = async (made, { queries, migrated }) => {
    if (migrated.from === 0) await writeFirstRows(queries, await made.time.begin(queries));
    await SET_SCHEMA.run(queries, migrated.to);
    const kind = migrated.from === 0 ? 'ledger_created' : 'ledger_migrated';
    const entry = { actor: LEDGER_ACTOR, kind, details: { ...migrated } } as const;
    await new Transactions(made, limits).within(queries, async (open) => open.append(entry));
  };
  const store = await driver.open({ clock, busyMs, migrations: MIGRATIONS, onMigrated });
  try {
    return await assemble(new Transactions(store, limits), parts);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function assemble(transactions: Transactions, parts: LedgerParts): Promise<Ledger> {
  const { proofs, witness, statements, policy } = parts;
  const { store, limits } = transactions;
  const { location } = store;
  const id = await transactions.ledgerId();
  const tables = createTables(location, { limits, proofs, ledgerId: id });
  const queries = new AuditQueries(location);
  const audit = new StoredAudit(transactions, queries);
  const mode = new StoredModeSwitch(transactions, tables.mode);
  const rights =
    statements === null ? null : new OwnerRights(transactions, { statements, witness });
  const bindings = new StoredPolicyBindings(transactions, { current: policy, rights });
  const rollback = new RollbackGuard(transactions, { witness, mode, rights });
  const guard = new ChangeGuard(transactions, { rollback, policy: bindings });
  const maintained = { audit, queries, tables, guard: rollback, bindings };
  return {
    id,
    location,
    limits,
    runs: new StoredRuns(transactions, { tables, audit: queries, guard }),
    approvals: new StoredApprovals(transactions, { tables, guard }),
    leases: new StoredLeases(transactions, { tables, guard }),
    runners: new StoredRunners(transactions, tables),
    mode,
    policy: bindings,
    audit,
    maintenance: new StoredMaintenance(transactions, maintained),
    close: async () => {
      try {
        await guard.keep();
      } catch {
        // Before anything was sent it was kept. What was only read or approved must not fail by it.
      } finally {
        await store.close();
      }
    },
  };
}

const SET_SCHEMA = new Statement<never>('UPDATE control SET schema = ?');
const INSERT_CONTROL = new Statement<never>(
  `INSERT INTO control (id, ledger_id, schema, time_at, time_monotonic, time_boot, fence,
     time_anchor_at, time_anchor_monotonic)
   VALUES (1, ?, 0, ?, ?, ?, 0, ?, ?)`,
);
const INSERT_ROOT = new Statement<never>(
  `INSERT INTO chain (name, start_place, start_hash, head_place, head_hash, head_sequence, head_at, fence)
   VALUES ('${ROOT_CHAIN}', 0, ?, 0, ?, 0, ?, 0)
   ON CONFLICT (name) DO UPDATE SET start_hash = excluded.start_hash, head_hash = excluded.head_hash`,
);
const INSERT_MODE = new Statement<never>(
  `INSERT INTO mode (id, mode, since) VALUES (1, 'autonomous', ?)`,
);

async function writeFirstRows(queries: Queries, begun: TimeReading): Promise<void> {
  const ledgerId = randomUUID();
  const { at: now, monotonic, boot } = begun;
  const genesis = genesisOf(ledgerId);
  const time = [now, monotonic, boot] as const;
  await INSERT_CONTROL.run(queries, ledgerId, ...time, now, monotonic);
  await INSERT_ROOT.run(queries, genesis, genesis, now);
  await INSERT_MODE.run(queries, now);
}
