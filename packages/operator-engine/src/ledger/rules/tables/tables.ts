import type { Proofs } from '../../../proofs/proofs.ts';
import type { LedgerLimits } from '../../ledger-limits.ts';
import { ApprovalTable } from './approval-table.ts';
import { LeaseTable } from './lease-table.ts';
import { LockTable } from './lock-table.ts';
import { ModeTable } from './mode-table.ts';
import { OriginProofs } from './origin-proofs.ts';
import { RequestTable } from './request-table.ts';
import { RunProofs } from './run-proofs.ts';
import { RunTable } from './run-table.ts';
import { RunTransitions } from './run-transitions.ts';
import { RunnerTable } from './runner-table.ts';

/** Tables that the parts of a ledger share, inside a transaction. */
export interface Tables {
  readonly runs: RunTable;
  readonly transitions: RunTransitions;
  readonly locks: LockTable;
  readonly leases: LeaseTable;
  readonly approvals: ApprovalTable;
  readonly requests: RequestTable;
  readonly runners: RunnerTable;
  readonly mode: ModeTable;
  readonly proofs: RunProofs;
  readonly origins: OriginProofs;
}

export function createTables(
  location: string,
  options: { limits: LedgerLimits; proofs: Proofs; ledgerId: string },
): Tables {
  const { limits } = options;
  const proofs = new RunProofs(options);
  const runs = new RunTable();
  const locks = new LockTable();
  const leases = new LeaseTable();
  const approvals = new ApprovalTable({ approvalMs: limits.approvalMs, proofs });
  return {
    runs,
    locks,
    leases,
    transitions: new RunTransitions({ runs, locks, leases, proofs }),
    approvals,
    requests: new RequestTable(),
    runners: new RunnerTable({ ttlMs: limits.ownerTtlMs }),
    mode: new ModeTable(location),
    proofs,
    origins: new OriginProofs({ runs, approvals, proofs }),
  };
}
