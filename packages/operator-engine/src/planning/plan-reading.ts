import { OperatorError } from 'operator-core';
import type { AuditPosition } from '../ledger/audit-log.ts';
import type { GateServices } from '../subject/gate-context.ts';

/** The reading of the system that a plan was made from. */
export interface PlanReading {
  /** Time at which it began, by `performance.now()`. */
  readonly startedAt: number;
  /** The last entries of the audit before it; none when there was no ledger. */
  readonly after: AuditPosition;
}

/**
 * Notes the last entries of the ledger, immediately before the system is read for a plan. `null` when the ledger cannot be
 * read: the plan is then checked again before it is carried out.
 */
export async function beginReading(services: GateServices): Promise<PlanReading | null> {
  try {
    const after = (await services.hasLedger()) ? await lastEntries(services) : {};
    return { startedAt: performance.now(), after };
  } catch (error) {
    // The plan can still be shown; the error returns when the plan is carried out.
    if (OperatorError.isInstance(error)) return null;
    throw error;
  }
}

async function lastEntries(services: GateServices): Promise<AuditPosition> {
  const { runs } = await services.openLedger();
  return runs.lastEntries();
}
