import { advise } from 'operator-core';
import type { OperatorError, Remedy } from 'operator-core';
import * as z from 'zod/mini';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import { isAnswerLost } from '../execute/conclude-sending.ts';
import type { RunResult } from '../../events/run-result.ts';
import { lazily } from '../../base/lazily.ts';
import type { PlanFault } from '../../ledger/claim.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { createDenied } from '../execute/run-errors.ts';
import { createAltered } from '../../planning/sealed-plan.ts';
import { parseStoredOutcome } from '../execute/stored-outcome.ts';

const faultSchema = lazily((): z.ZodMiniType<PlanFault> =>
  z.object({ message: z.string(), recorded: z.string(), actual: z.string() }),
);

/** One sentence on the result of a run. */
export function summaryOf(run: RunDetails): string {
  return errorOf(run)?.message ?? run.reason ?? run.summary;
}

/** Result of a run from the ledger alone, as it stands at `now` (RFC 3339). */
export function outcomeOf(run: RunDetails, now: string): RunResult {
  const { refusal, verification } = parseStoredOutcome(run.detail);
  const results = run.plan.requests.map((request, index) => {
    const journaled = run.requests.find((one) => one.index === index);
    return { request, result: journaled?.result ?? null };
  });
  const sentAt = run.requests[0]?.intendedAt ?? null;
  const endedAt = run.endedAt ?? now;
  const error = errorOf(run);
  return {
    runId: run.id,
    state: run.state,
    summary: summaryOf(run),
    plan: run.plan,
    requests: results,
    answerLost: isAnswerLost(results.map(({ result }) => result)),
    verification,
    refusal,
    sentAt,
    endedAt,
    elapsedMs: sentAt === null ? 0 : Math.max(0, Date.parse(endedAt) - Date.parse(sentAt)),
    lease: run.lease,
    condition: run.condition,
    error,
  };
}

function errorOf(run: RunDetails): OperatorError | null {
  const kept = parseStoredOutcome(run.detail).error;
  switch (run.state) {
    case 'succeeded':
      // The change is done; the problem that it should fix may remain.
      return kept;
    case 'refused':
      return kept ?? alterationOf(run) ?? createDenied(run);
    case 'rejected':
      return createOver(run, 'RUN_REJECTED', {
        is: 'was rejected',
        remedy: 'Talk to the person who rejected it; plan again when you agree.',
      });
    case 'expired':
      return createOver(run, 'RUN_EXPIRED', {
        is: 'expired before it was begun',
        remedy: 'Plan again.',
      });
    case 'cancelled':
      return (
        kept ??
        createOver(run, 'RUN_CANCELLED', { is: 'was cancelled', remedy: 'Plan again if needed.' })
      );
    case 'undone':
      return createOver(run, 'RUN_STATE_CONFLICT', {
        is: 'has been undone',
        remedy: 'Plan again.',
      });
    case 'failed':
    case 'partly_done':
    case 'ineffective':
    case 'unknown':
      return (
        kept ??
        createOver(run, 'OUTCOME_UNKNOWN', {
          is: `is ${run.state}`,
          remedy: advise`Look at its timeline: ${operations.showRun(run.id)}.`,
        })
      );
    default:
      return null;
  }
}

/** The claim records a plan that was changed as facts, in its own transaction. */
function alterationOf(run: RunDetails): OperatorError | null {
  const fault = faultSchema().safeParse(run.detail['altered']);
  return fault.success ? createAltered(run, fault.data) : null;
}

type OverCode =
  | 'RUN_REJECTED'
  | 'RUN_EXPIRED'
  | 'RUN_CANCELLED'
  | 'RUN_STATE_CONFLICT'
  | 'OUTCOME_UNKNOWN';

function createOver(
  run: RunDetails,
  code: OverCode,
  told: { is: string; remedy: string | Remedy },
): OperatorError {
  const why = run.reason === null ? '.' : `: ${run.reason}`;
  return createEngineError(code, {
    message: `Run ${run.id} ${told.is}${why}`,
    remedy: told.remedy,
    facts: { runId: run.id, state: run.state },
  });
}
