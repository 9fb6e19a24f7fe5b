import type { GateContext } from './gate-context.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Gives run operations access to the ledger and to subjects by name. */
export interface RunSubjects {
  openLedger(): Promise<Ledger>;
  /** A subject of the configuration, opened once for all. */
  open(
    subject: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly context: GateContext }>;
}

/** The gate of the subject that a run is about. Throws `RUN_NOT_FOUND` and what opening throws. */
export async function openForRun(
  subjects: RunSubjects,
  runId: string,
  signal: AbortSignal | undefined,
): Promise<GateContext> {
  const ledger = await subjects.openLedger();
  const { subject } = await ledger.runs.get(runId);
  return (await subjects.open(subject, signal)).context;
}
