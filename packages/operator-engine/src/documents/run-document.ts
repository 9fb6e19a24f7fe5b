import { OperatorError } from 'operator-core';
import type {
  ActionDefinition,
  JsonObject,
  NextOperation,
  OperatorErrorDocument,
} from 'operator-core';
import type { ApproveResult } from '../engine/engine-approvals.ts';
import { operations } from '../errors/operations.ts';
import type { RunResult, VerifyResult } from '../events/run-result.ts';
import type { LeaseEnd } from '../leases/lease-end.ts';
import type { AuditEntry } from '../ledger/audit-log.ts';
import type { RunDetails, RunRecord } from '../ledger/run-record.ts';
import type { RecoveredRun } from '../runs/others/recover-all.ts';
import type { DocumentContents } from './contents.ts';
import { createDocument } from './document.ts';
import type { Document } from './document.ts';

/** Document of an error. */
export function toErrorDocument(error: OperatorError): Document<'operator.error/1'> {
  return createDocument('operator.error/1', { error: OperatorError.toDocument(error) });
}

/** Document of a run. */
export function toRunDocument(result: RunResult): Document<'operator.run/1'> {
  const { error, plan, ...run } = result;
  const { subject, action, parameters } = plan;
  return createDocument('operator.run/1', {
    subject,
    action,
    parameters,
    ...run,
    plan,
    error: toPart(error),
    next: nextOf(result),
  });
}

/** The operation that follows or reconciles a run which has not ended; none for any other. */
function nextOf({ runId, state }: RunResult): readonly NextOperation[] {
  if (state === 'unknown') return [operations.recoverRuns];
  return state === 'verifying' || state === 'executing' ? [operations.watchRun(runId)] : [];
}

/** Document of a look at an effect without a run. */
export function toVerificationDocument(
  { error, ...rest }: VerifyResult,
  call: { subject: string; definition: ActionDefinition; parameters: JsonObject },
): Document<'operator.verification/1'> {
  const { subject, definition, parameters } = call;
  return createDocument('operator.verification/1', {
    subject,
    action: definition.name,
    parameters,
    ...rest,
    error: toPart(error),
  });
}

/** Document of a recovery, with the runs that are allowed and have not begun. */
export function toRecoveryDocument(
  runs: readonly RecoveredRun[],
  waiting: readonly RunRecord[],
): Document<'operator.recovery/1'> {
  const parts = runs.map(({ error, ...run }) => ({ ...run, error: toPart(error) }));
  return createDocument('operator.recovery/1', { runs: parts, waiting });
}

/** Document of a consent; `result`: where the run was carried out at once. */
export function toApprovalDocument(
  { run, given, needed, goesOn }: ApproveResult,
  result: RunResult | null,
): Document<'operator.approval/1'> {
  const part = result === null ? null : toRunDocument(result);
  return createDocument('operator.approval/1', { run, given, needed, goesOn, result: part });
}

/** Document of the end of a lease. */
export function toLeaseEndDocument(ended: LeaseEnd): Document<'operator.lease_end/1'> {
  const { outcome, lease, run, summary } = ended;
  const part = run === null ? null : toRunDocument(run);
  return createDocument('operator.lease_end/1', { outcome, lease, summary, run: part });
}

/** Document that explains why a run was allowed or not. */
export function toAuditExplanation(
  details: RunDetails,
  entries: readonly AuditEntry[],
): Document<'operator.audit_explanation/1'> {
  const { plan, requests, approvals, lease, detail, ...run } = details;
  const content: DocumentContents['operator.audit_explanation/1'] = {
    run,
    decision: run.decision,
    evidence: plan.evidence,
    approvals,
    requests,
    lease,
    seen: detail['verification'] ?? null,
    entries,
  };
  return createDocument('operator.audit_explanation/1', content);
}

function toPart(error: OperatorError | null): OperatorErrorDocument | null {
  return error === null ? null : OperatorError.toDocument(error);
}
