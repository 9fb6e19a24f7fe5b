import type {
  ActionDefinition,
  Diagnosis,
  JsonObject,
  JsonValue,
  NextOperation,
  ObservationDefinition,
  OperatorErrorDocument,
  Plan,
  PlanSubject,
  Remedy,
} from 'operator-core';
import type { ApproveResult } from '../engine/engine-approvals.ts';
import type { SubjectEntry } from '../engine/acting-engine.ts';
import type { RunEvent } from '../events/run-event.ts';
import type { RunResult, VerifyResult } from '../events/run-result.ts';
import type { LeaseEnd } from '../leases/lease-end.ts';
import type { Actor } from '../ledger/actor.ts';
import type { ApprovalProgress } from '../ledger/approvals.ts';
import type { AuditEntry, AuditVerification } from '../ledger/audit-log.ts';
import type { Lease } from '../ledger/lease.ts';
import type { ClockStatus, LedgerReport, Pruned } from '../ledger/maintenance.ts';
import type { ModeStatus } from '../ledger/mode.ts';
import type { PolicyBinding } from '../ledger/policy-binding.ts';
import type { RunDetails, RunRecord } from '../ledger/run-record.ts';
import type { PlanChange } from '../planning/diff-plans.ts';
import type { Explanation } from '../policy/explanation.ts';
import type { PolicyTestReport, PolicyTestResult } from '../policy/policy-test-report.ts';
import type { WatchEvent } from '../runner/watch-event.ts';
import type { CancelResult } from '../runs/others/cancel-run.ts';
import type { RecoveredRun } from '../runs/others/recover-all.ts';
import type { LeaseSight } from '../runs/recover/look-at-lease.ts';
import type { ObservationResult } from '../subject/observe-subject.ts';
import type { VerifyEvent } from '../verifying/verify-action.ts';

/** A result whose error is a document. */
type WithErrorDocument<Result> = Omit<Result, 'error'> & {
  readonly error: OperatorErrorDocument | null;
};

/** A run with its call, and the operation that continues it. */
export type RunContent = WithErrorDocument<RunResult> & {
  readonly subject: PlanSubject;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly next: readonly NextOperation[];
  /** The command line of `next`, where a command line gives the document out. */
  readonly nextCommand?: string | null;
};

/** A run inside another document. */
export type RunPart = { readonly format: 'operator.run/1' } & RunContent;

/** A lease as the ledger has it and, where the system was asked, as it was seen. */
export type LeaseContent = Lease & {
  readonly seen?: LeaseSight['seen'];
  readonly sight?: string;
  readonly remedy?: string | Remedy | null;
};

/** A finding of the doctor; `subject` is `null` for the configuration itself. */
export interface FindingContent extends Diagnosis {
  readonly subject: string | null;
}

/** Content of each document that a surface gives out, by its format. */
export interface DocumentContents {
  'operator.error/1': { readonly error: OperatorErrorDocument };
  'operator.plan/1': Omit<Plan, 'format'>;
  'operator.nothing_to_do/1': {
    readonly subject: PlanSubject;
    readonly action: string;
    readonly parameters: JsonObject;
    readonly state: 'nothing_to_do';
    readonly summary: string;
    readonly facts: JsonObject;
  };
  'operator.plan_changes/1': {
    readonly before: string;
    readonly now: string;
    readonly changes: readonly PlanChange[];
  };
  'operator.run/1': RunContent;
  'operator.run_event/1': Exclude<RunEvent, { readonly kind: 'finished' }>;
  'operator.verification/1': WithErrorDocument<VerifyResult> & {
    readonly subject: string;
    readonly action: string;
    readonly parameters: JsonObject;
  };
  'operator.verify_event/1': VerifyEvent;
  'operator.observation/1': ObservationResult;
  'operator.observation_row/1': { readonly observation: string; readonly row: JsonValue };
  'operator.run_record/1': RunRecord;
  'operator.runs/1': { readonly runs: readonly RunRecord[] };
  'operator.run_details/1': RunDetails & { readonly events: readonly AuditEntry[] };
  'operator.recovered_run/1': WithErrorDocument<RecoveredRun>;
  'operator.recovery/1': {
    readonly runs: readonly WithErrorDocument<RecoveredRun>[];
    readonly waiting: readonly RunRecord[];
  };
  'operator.cancellation/1': CancelResult;
  'operator.pending_approval/1': ApprovalProgress & { readonly plan: Plan };
  'operator.approvals/1': {
    readonly approvals: readonly (ApprovalProgress & { readonly plan: Plan })[];
  };
  'operator.approval/1': ApproveResult & { readonly result: RunPart | null };
  'operator.rejection/1': { readonly run: RunRecord; readonly plan: Plan };
  'operator.lease/1': LeaseContent;
  'operator.leases/1': { readonly leases: readonly LeaseContent[]; readonly isWatched: boolean };
  'operator.lease_end/1': Omit<LeaseEnd, 'run'> & { readonly run: RunPart | null };
  'operator.trust/1': { readonly path: string | null; readonly paths: readonly string[] };
  'operator.mode/1': ModeStatus;
  'operator.stop/1': {
    readonly config: string;
    readonly ledger: string;
    readonly subjects: readonly string[];
    readonly status: ModeStatus;
    readonly cancelled: readonly CancelResult[];
    readonly underWay: readonly RunRecord[];
    readonly leases: readonly Lease[];
  };
  'operator.watch_event/1': Omit<WatchEvent, 'remedy'> & {
    readonly remedy: string | Remedy | null;
  };
  'operator.watch/1': {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly events: Readonly<Record<string, number>>;
  };
  'operator.policy_tests/1': PolicyTestReport;
  'operator.policy_test/1': PolicyTestResult;
  'operator.policy_explanation/1': Explanation & { readonly requester: Actor };
  'operator.policy_binding/1': PolicyBinding;
  'operator.audit_entry/1': AuditEntry;
  'operator.audit/1': { readonly entries: readonly AuditEntry[] };
  'operator.audit_explanation/1': {
    readonly run: RunRecord;
    readonly decision: RunRecord['decision'];
    readonly evidence: Plan['evidence'];
    readonly approvals: RunDetails['approvals'];
    readonly requests: RunDetails['requests'];
    readonly lease: Lease | null;
    readonly seen: JsonValue;
    readonly entries: readonly AuditEntry[];
  };
  'operator.audit_verification/1': AuditVerification;
  'operator.audit_anchor/1': { readonly anchor: string };
  'operator.ledger_check/1': LedgerReport & { readonly location: string };
  'operator.ledger_backup/1': { readonly path: string; readonly bytes: number };
  'operator.ledger_prune/1': Pruned;
  'operator.ledger_clock/1': ClockStatus;
  'operator.ledger_rollback/1': { readonly through: number; readonly head: number };
  'operator.subject/1': SubjectEntry;
  'operator.subjects/1': {
    readonly configPath: string;
    readonly subjects: readonly SubjectEntry[];
  };
  'operator.action/1': ActionDefinition;
  'operator.actions/1': { readonly subject: string; readonly actions: readonly ActionDefinition[] };
  'operator.observation_definition/1': ObservationDefinition;
  'operator.observations/1': {
    readonly subject: string;
    readonly observations: readonly ObservationDefinition[];
  };
  'operator.finding/1': FindingContent;
  'operator.doctor/1': { readonly ok: boolean; readonly findings: readonly FindingContent[] };
  'operator.init/1': { readonly path: string; readonly subject: string; readonly plugin: string };
  'operator.version/1': { readonly version: string };
  'operator.help/1': { readonly text: string };
}

/** Name and version of a document: `operator.run/1`. */
export type DocumentFormat = keyof DocumentContents;
