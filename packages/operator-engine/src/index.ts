// Every line here is public API: adding one is a promise to hosts.
export { CONFIG_FILE_NAMES } from './config/find-config.ts';
export { isSubjectName } from './config/config-schema.ts';
export type { ConditionReading, RunCondition } from './ledger/run-condition.ts';
export type { ConfigIssue } from './config/config-issue.ts';
export type { Environment } from './identity/environment.ts';
export { Engine, openEngine } from './engine.ts';
export type { EngineOptions } from './engine-options.ts';
export type { SubjectEntry } from './engine.ts';
export { ENGINE_ERROR_CODES } from './error-codes.ts';
export type { EngineErrorCode } from './error-codes.ts';
export { EngineApprovals } from './approvals/engine-approvals.ts';
export type { Approved } from './approvals/engine-approvals.ts';
export { GatedSubject } from './subject/gated-subject.ts';
export type {
  ApplyOptions,
  GateCallOptions,
  PlanOptions,
  SubjectPluginInfo,
} from './subject/gated-subject.ts';
export type { GatePolicy, PolicyQuestion } from './gate/gate-policy.ts';
export { ObservationRegistry } from './gate/observation-registry.ts';
export type { ObservationResult } from './gate/observe-subject.ts';
export type { PlanningResult } from './gate/planning-result.ts';
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
  RecheckedEvent,
  RecordedEvent,
  RecoveringEvent,
  RunEvent,
  SendingEvent,
  SentEvent,
  SettlingEvent,
  VerifyingEvent,
  WaitingEvent,
} from './gate/run-event.ts';
export type { RequestOutcome, RunResult, VerifyResult } from './gate/run-result.ts';
export type { VerifyEvent, VerifyOptions } from './gate/verify-action.ts';
export type { ExchangeObserver, HttpExchange } from './http/http-exchange.ts';
export { EngineLeases } from './leases/engine-leases.ts';
export type { LeaseEnd } from './leases/lease-end.ts';
export type { EndOptions } from './leases/lease-end.ts';
export type { LeaseSight } from './leases/look-at-lease.ts';
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
export type { Foresight } from './runs/foresee.ts';
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
export { openLedger } from './ledger/open-ledger.ts';
export type { LedgerOptions } from './ledger/open-ledger.ts';
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
export { DEFAULT_LIMITS } from './limits.ts';
export type { EngineLimits } from './limits.ts';
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
export { findStrangers } from './policy/find-strangers.ts';
export type { KnownNames, PolicyStranger } from './policy/find-strangers.ts';
export { loadPolicy } from './policy/load-policy.ts';
export type { PolicyTestReport, PolicyTestResult } from './policy/policy-test-report.ts';
export type { LoadedPolicy } from './policy/policy.ts';
export { runPolicyTests } from './policy/run-policy-tests.ts';
export type { Cancelled } from './runs/cancel-run.ts';
export { diffPlans } from './runs/diff-plans.ts';
export type { PlanChange } from './runs/diff-plans.ts';
export { EngineMode } from './runs/engine-mode.ts';
export { EngineRuns } from './runs/engine-runs.ts';
export { formatPlanDocument, parsePlanDocument } from './runs/plan-document.ts';
export type { UndoPlan } from './engine/undo-plan.ts';
export type { RecoverAllOptions, RecoveredRun } from './runs/recover-all.ts';
export type { Requested, RequestOptions } from './runs/request-run.ts';
export type { RunOptions } from './runs/run-run.ts';
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
export { WATCH_EVENT_KINDS } from './watch/watch-event.ts';
export type { WatchEvent } from './watch/watch-event.ts';
