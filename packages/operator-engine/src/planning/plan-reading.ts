import { OperatorError } from 'operator-core';
import type { GateServices } from '../subject/gate-context.ts';

/** The reading of the system that a plan was made from. */
export interface PlanReading {
  /** Time at which it began, by `performance.now()`. */
  readonly startedAt: number;
  /** Number of the ledger's last entry before it; 0 when there was no ledger. */
  readonly afterEntry: number;
}

/**
 * Notes what the ledger holds, immediately before the system is read for a plan. `null` when the ledger does not tell: the
 * plan is then checked again before it is carried out.
 */
export async function beginReading(services: GateServices): Promise<PlanReading | null> {
  try {
    const afterEntry = (await services.hasLedger()) ? await lastEntry(services) : 0;
    return { startedAt: performance.now(), afterEntry };
  } catch (error) {
    // The plan can be shown even so; carrying it out meets the error again.
    if (OperatorError.isInstance(error)) return null;
    throw error;
  }
}

async function lastEntry(services: GateServices): Promise<number> {
  const { runs } = await services.openLedger();
  return runs.lastEntry();
}
