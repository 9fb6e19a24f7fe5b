// Every line here is public API: adding one is a promise to hosts.
export { CONFIG_FILE_NAMES } from './config/find-config.ts';
export { isSubjectName } from './config/config-schema.ts';
export type { ConditionReading, RunCondition } from './ledger/run-condition.ts';
export type { ConfigIssue } from './config/config-issue.ts';
export type { Environment } from './identity/environment.ts';
export { Engine, openEngine } from './engine/engine.ts';
export type { EngineOptions } from './engine/engine-options.ts';
export { ActingEngine } from './engine/acting-engine.ts';
export type { EnginePlace, SubjectEntry } from './engine/acting-engine.ts';
export { ENGINE_ERROR_CODES } from './errors/error-codes.ts';
export type { Finding } from './doctor/finding.ts';
export type { SightOptions } from './doctor/examine-sights.ts';
export type { DocumentContents, DocumentFormat } from './documents/contents.ts';
export { createDocument } from './documents/document.ts';
export type { Document } from './documents/document.ts';
export {
  toApprovalDocument,
  toAuditExplanation,
  toErrorDocument,
  toLeaseEndDocument,
  toRecoveryDocument,
  toRunDocument,
  toVerificationDocument,
} from './documents/run-document.ts';
export { operations } from './errors/operations.ts';
export type { EngineErrorCode } from './errors/error-codes.ts';
export { EngineApprovals } from './engine/engine-approvals.ts';
export type { ApproveResult, WaitingRun } from './engine/engine-approvals.ts';
export { GatedSubject } from './engine/gated-subject.ts';
export type {
  ApplyOptions,
  GateCallOptions,
  PlanOptions,
  SubjectPluginInfo,
} from './engine/gated-subject.ts';
export type { GatePolicy, PolicyQuestion } from './subject/gate-policy.ts';
export { ObservationRegistry } from './subject/observation-registry.ts';
export type { ObservationResult } from './subject/observe-subject.ts';
export type { PlanningResult } from './planning/planning-result.ts';
export type {
  CancellingEvent,
  ClaimedEvent,
  ConditionEvent,
  DecidedEvent,
  EntryEvent,
  FinishedEvent,
  HeldEvent,
  IntendedEvent,
  JoinedEvent,
  MovedFact,
  RecheckedEvent,
  RecordedEvent,
  RecoveringEvent,
  RunEvent,
  SendingEvent,
  SentEvent,
  SettlingEvent,
  VerifyingEvent,
  WaitingEvent,
} from './events/run-event.ts';
export type { RequestOutcome, RunResult, VerifyResult } from './events/run-result.ts';
export type { VerifyEvent, VerifyOptions } from './verifying/verify-action.ts';
export type {
  Exchange,
  ExchangeObserver,
  HttpExchange,
  StatementExchange,
} from './http/http-exchange.ts';
export { EngineLeases } from './engine/engine-leases.ts';
export type { LeaseEnd } from './leases/lease-end.ts';
export type { EndOptions } from './leases/lease-end.ts';
export type { LeaseSight } from './runs/recover/look-at-lease.ts';
export type { Actor, OsActor, Runner } from './ledger/actor.ts';
export { ACTOR_KINDS } from './ledger/actor.ts';
export type { Approval, ApprovalRule, Decision } from './ledger/approval.ts';
export type { ApprovalProgress, Approvals } from './ledger/approvals.ts';
export { AUDIT_KINDS } from './ledger/audit-log.ts';
export type {
  AnchorReport,
  Audit,
  AuditEntry,
  AuditFault,
  AuditFilter,
  AuditKind,
  AuditVerification,
} from './ledger/audit-log.ts';
export type { Holder, LimitReached, Obstacle, RunLimits, Stopped } from './ledger/claim.ts';
export type { Foresight } from './runs/submit/foresight.ts';
export type { LedgerClock } from './clock/machine-clock.ts';
export { LEASE_TRANSITIONS } from './ledger/lease.ts';
export type { Lease, LeaseFilter, Leases, LeaseState } from './ledger/lease.ts';
export { DEFAULT_LEDGER_LIMITS } from './ledger/ledger-limits.ts';
export type { LedgerLimits } from './ledger/ledger-limits.ts';
export type { Ledger } from './ledger/ledger.ts';
export type {
  ClockStatus,
  LedgerReport,
  Maintenance,
  Pruned,
  Rollback,
} from './ledger/maintenance.ts';
export { MODES } from './ledger/mode.ts';
export type { Mode, ModeStatus, ModeSwitch, Stop } from './ledger/mode.ts';
export { openLedger } from './ledger/sqlite/open-ledger.ts';
export type { SqliteLedgerOptions } from './ledger/sqlite/open-ledger.ts';
export type { LedgerOptions } from './ledger/rules/open-ledger.ts';
export type { LostLedger } from './ledger/lost-ledger.ts';
export type {
  CancelRequest,
  JournaledRequest,
  RunDetails,
  RunPurpose,
  RunRecord,
} from './ledger/run-record.ts';
export type { PolicyBinding, PolicyBindings, PolicyIdentity } from './ledger/policy-binding.ts';
export type { Runners, RunnerStatus } from './ledger/runners.ts';
export type { KnownRun, RunFilter, Runs } from './ledger/runs.ts';
export { DEFAULT_LIMITS } from './config/limits.ts';
export type { EngineLimits } from './config/limits.ts';
export { loadPlugin } from './plugin/load-plugin.ts';
export type { LoadedPlugin } from './plugin/load-plugin.ts';
export type { PluginPlaces } from './plugin/resolve-plugin.ts';
export { explain } from './policy/explain.ts';
export type {
  ConditionFinding,
  Explanation,
  RiskFinding,
  RuleFinding,
} from './policy/explanation.ts';
export { findUnknownNames } from './policy/find-unknown-names.ts';
export type { KnownNames, UnknownName } from './policy/find-unknown-names.ts';
export { loadPolicy } from './policy/load-policy.ts';
export type { PolicyTestReport, PolicyTestResult } from './policy/policy-test-report.ts';
export type { LoadedPolicy } from './policy/policy.ts';
export { runPolicyTests } from './policy/run-policy-tests.ts';
export type { CancelResult } from './runs/others/cancel-run.ts';
export type { TrustedPlan } from './planning/trusted-plan.ts';
export { diffPlans } from './planning/diff-plans.ts';
export type { PlanChange } from './planning/diff-plans.ts';
export { EngineMode } from './engine/engine-mode.ts';
export type { StopResult } from './engine/engine-mode.ts';
export { EngineRuns } from './engine/engine-runs.ts';
export type { StartedRun, StartOptions } from './engine/engine-runs.ts';
export type { LeftRun } from './engine/engine-core.ts';
export { formatPlanDocument, parsePlanDocument } from './planning/plan-document.ts';
export type { UndoPlan } from './engine/undo-plan.ts';
export type { RecoverAllOptions, RecoveredRun } from './runs/others/recover-all.ts';
export type { SubmitResult, SubmitOptions } from './runs/submit/submit-run.ts';
export type { RunOptions } from './runs/execute-run.ts';
export {
  isLegalTransition,
  isOver,
  isOwned,
  isWaiting,
  RUN_STATES,
  RUN_TRANSITIONS,
} from './ledger/run-state.ts';
export type { RunState } from './ledger/run-state.ts';
export { distrustPath, trustPath } from './trust/trust.ts';
export { readTrustedPaths, trustFile } from './trust/trusted-paths.ts';
export { WATCH_EVENT_KINDS } from './runner/watch-event.ts';
export type { WatchEvent } from './runner/watch-event.ts';
