import { OperatorError } from 'operator-core';
import type { Ledger } from '../../ledger/ledger.ts';
import { toRecord } from '../../ledger/run-record.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import { recoverRun } from '../execute-run.ts';
import type { RecoverOptions } from '../recover/take-over.ts';
import { isCauseUnknown } from '../execute/stored-outcome.ts';
import { decidePlanned } from '../submit/submit-run.ts';
import { openForRun } from '../../subject/subjects.ts';
import type { RunSubjects } from '../../subject/subjects.ts';
import type { RunState } from '../../ledger/run-state.ts';

/** Result of recovering an abandoned run. */
export interface RecoveredRun {
  readonly runId: string;
  readonly before: RunState;
  readonly state: RunState;
  /** One sentence. */
  readonly summary: string;
  readonly error: OperatorError | null;
}

/** Options of a recovery. */
export interface RecoverAllOptions {
  readonly signal?: AbortSignal | undefined;
  /** Reconcile runs of unknown outcome again. Default: true. */
  readonly unknown?: boolean | undefined;
  /** Time to poll each effect, in milliseconds. Default: one look. */
  readonly patienceMs?: number | undefined;
}

/** Reconciles every run without an owner, and decides about runs without a decision. */
export async function recoverAll(
  subjects: RunSubjects,
  options: RecoverAllOptions = {},
): Promise<readonly RecoveredRun[]> {
  const { signal, unknown = true, patienceMs = 0 } = options;
  const ledger = await subjects.openLedger();
  const abandoned = await ledger.runs.abandoned();
  const undecided = await ledger.runs.list({ states: ['planned'] });
  const open = unknown ? await findUnknown(ledger) : [];
  const recovered = await inBatches([
    ...undecided.map((run) => () => told(run, () => decideOne(subjects, run, signal))),
    ...[...abandoned, ...open].map(
      (run) => () => recoverOne(subjects, run, { signal, patienceMs }),
    ),
  ]);
  return recovered.filter((one) => one !== null);
}

/** Runs of unknown outcome, except those with an effect in force and an unknown cause. */
async function findUnknown({ runs }: Ledger): Promise<readonly RunRecord[]> {
  const unknown = await runs.list({ states: ['unknown'], limit: 1000 });
  const details = await Promise.all(unknown.map(({ id }) => runs.get(id)));
  return details.filter((run) => !isCauseUnknown(run)).map(toRecord);
}

/** Most runs that are reconciled at the same time; more would only delay each other. */
const AT_ONCE = 16;

async function inBatches<Value>(works: readonly (() => Promise<Value>)[]): Promise<Value[]> {
  const values: Value[] = [];
  for (let from = 0; from < works.length; from += AT_ONCE) {
    const batch = works.slice(from, from + AT_ONCE);
    values.push(...(await Promise.all(batch.map((work) => work()))));
  }
  return values;
}

/**
 * Reconciles one run without an owner. `null` when it has an owner again. Errors of the run do not reject.
 */
export async function recoverOne(
  subjects: RunSubjects,
  run: RunRecord,
  options: RecoverOptions,
): Promise<RecoveredRun | null> {
  return told(run, async () => {
    const context = await openForRun(subjects, run.id, options.signal);
    const result = await recoverRun(context, run.id, options);
    return result === null ? null : { ...result, before: run.state };
  });
}

async function decideOne(
  subjects: RunSubjects,
  run: RunRecord,
  signal: AbortSignal | undefined,
): Promise<Omit<RecoveredRun, 'runId'>> {
  const ledger = await subjects.openLedger();
  const context = await openForRun(subjects, run.id, signal);
  const { state } = await decidePlanned(context, ledger, await ledger.runs.get(run.id));
  return { before: run.state, state, summary: `Policy has decided: ${state}.`, error: null };
}

async function told(
  run: RunRecord,
  recover: () => Promise<Omit<RecoveredRun, 'runId'> | null>,
): Promise<RecoveredRun | null> {
  try {
    const done = await recover();
    if (done === null) return null;
    const { before, state, summary, error } = done;
    return { runId: run.id, before, state, summary, error };
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const { id: runId, state } = run;
    return { runId, before: state, state, summary: error.message, error };
  }
}
