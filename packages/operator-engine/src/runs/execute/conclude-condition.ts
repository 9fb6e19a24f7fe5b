import { advise } from 'operator-core';
import type { OperatorError, Verification } from 'operator-core';
import type { ConditionReading, RunCondition } from '../../ledger/run-condition.ts';
import { operations } from '../../errors/operations.ts';
import { createEngineError } from '../../errors/engine-error.ts';
import type { EngineErrorCode } from '../../errors/error-codes.ts';
import type { Conclusion } from './conclude-sending.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';

/** A proven effect, and the time from which its condition is waited for. */
export interface ProvenEffect {
  readonly sent: SentAt;
  readonly verification: Verification;
  /** Start of the wait, by `performance.now()`. */
  readonly since: number;
  /** Time to wait from now, in milliseconds, when shorter than until the deadline. */
  readonly patienceMs?: number | undefined;
}

/**
 * End of the wait for a condition. `over`: it holds, or its time is over. `early`: others may go on waiting.
 * `interrupted`: the caller ended it. `cancelled`: a cancel ended it; the effect stays.
 */
export type ConditionEnd =
  | { readonly end: 'over' | 'early'; readonly reading: ConditionReading }
  | { readonly end: 'interrupted'; readonly reading: ConditionReading | null }
  | { readonly end: 'cancelled'; readonly by: string; readonly reading: ConditionReading | null };

interface ConditionWait {
  readonly condition: RunCondition;
  readonly proven: ProvenEffect;
  readonly end: ConditionEnd;
}

/**
 * Turns the end of the wait for a condition into a state, a sentence and an error. Never claims more than was
 * read.
 */
export function concludeCondition(owned: OwnedRun, waited: ConditionWait): Conclusion {
  const { end, condition, proven } = waited;
  const { reading } = end;
  const after = reading ?? condition.after;
  if (end.end === 'over' && end.reading.holds === true) {
    const summary = `${proven.verification.summary} ${sayHolds(condition)}`;
    return { state: 'succeeded', summary, error: null, condition: end.reading };
  }
  const isOpen = end.end === 'interrupted' || end.end === 'early';
  // A run that is only reconciled has no owner that would keep waiting.
  const state = isOpen && owned.journal.state === 'verifying' ? 'verifying' : 'succeeded';
  const error = createNotMet(owned, waited, state === 'verifying');
  const { message: summary } = error;
  return { state, summary, error, ...(after === null ? {} : { condition: after }) };
}

function sayHolds({ text, before }: RunCondition): string {
  const holds = `The condition ${text} holds`;
  if (before.holds === false) return `${holds}: fixed.`;
  return before.holds === true
    ? `${holds}, as it did before the run: it does not show that anything was fixed.`
    : `${holds}; it is unknown if it held before the run.`;
}

function createNotMet(owned: OwnedRun, waited: ConditionWait, isOpen: boolean): OperatorError {
  const { condition, proven, end } = waited;
  const { runId } = owned.journal;
  const code: EngineErrorCode = end.end === 'interrupted' ? 'INTERRUPTED' : 'CONDITION_NOT_MET';
  const goOn = advise`Go on waiting with ${operations.watchRun(runId)}.`;
  const look = advise`Look for another cause; what was done stays: ${operations.undoRun(runId)} takes it back.`;
  return createEngineError(code, {
    message: `Done and proven, ${sayNot(waited, isOpen)}`,
    remedy: isOpen ? goOn : look,
    facts: {
      runId,
      action: owned.plan.action,
      condition: condition.text,
      holds: end.reading?.holds ?? null,
      withinMs: condition.withinMs,
      proven: proven.verification.summary,
    },
  });
}

function sayNot({ condition, end }: ConditionWait, isOpen: boolean): string {
  const { text } = condition;
  const { reading } = end;
  const seen = reading === null ? '' : ` ${reading.summary}`;
  const why = end.end === 'cancelled' ? `: ${end.by} cancelled the wait` : '';
  if (reading === null || reading.holds === null) {
    return `but it is unknown if the condition ${text} holds${why}.${seen}`;
  }
  if (isOpen) return `but the condition ${text} does not hold yet.${seen}`;
  return `but the condition ${text} does not hold: not fixed${why}.${seen}`;
}
