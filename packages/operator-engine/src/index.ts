// Every line here is public API: adding one is a promise to hosts.
export { CONFIG_FILE_NAMES } from './config/find-config.ts';
export type { ConfigIssue } from './config/config-issue.ts';
export type { Environment } from './config/interpolate.ts';
export { Engine, openEngine } from './engine.ts';
export type { EngineOptions, SubjectEntry } from './engine.ts';
export { ENGINE_ERROR_CODES } from './error-codes.ts';
export type { EngineErrorCode } from './error-codes.ts';
export { GatedSubject } from './gate/gated-subject.ts';
export type { ApplyOptions, GateCallOptions, SubjectPluginInfo } from './gate/gated-subject.ts';
export { ObservationRegistry } from './gate/observation-registry.ts';
export type { ObservationResult } from './gate/observe-subject.ts';
export type { PlanningResult } from './gate/planning-result.ts';
export type {
  FinishedEvent,
  RecheckedEvent,
  RunEvent,
  SendingEvent,
  SentEvent,
  SettlingEvent,
  VerifyingEvent,
} from './gate/run-event.ts';
export { RUN_STATES } from './gate/run-result.ts';
export type { RequestOutcome, RunResult, RunState, VerifyResult } from './gate/run-result.ts';
export type { VerifyEvent, VerifyOptions } from './gate/verify-action.ts';
export type { ExchangeObserver, HttpExchange } from './http/http-exchange.ts';
export type { EngineLimits } from './limits.ts';
export { loadPlugin } from './plugin/load-plugin.ts';
export type { LoadedPlugin } from './plugin/load-plugin.ts';
export type { PluginPlaces } from './plugin/resolve-plugin.ts';
