// Every line here is public API: adding one is a promise to plugin authors and hosts.
export type {
  Action,
  CancelContext,
  ExecuteContext,
  PlanContext,
  VerifyContext,
} from './contract/action.ts';
export type { ActionHints } from './contract/action-hints.ts';
export type { ActionDefinition } from './contract/action-definition.ts';
export { CONTRACT_VERSION, isContractCompatible } from './contract/contract-version.ts';
export type { ContractVersion } from './contract/contract-version.ts';
export { defineAction, defineObservation, definePlugin, forSubject } from './contract/define.ts';
export type { ActionDefiner, SubjectDefiners } from './contract/define.ts';
export type { LookAction, Sight } from './contract/look-action.ts';
export type { Diagnosis } from './contract/diagnosis.ts';
export { UNITS } from './contract/fact.ts';
export type { Fact, Quantity, Tolerance, Unit } from './contract/fact.ts';
export type {
  HttpAnswer,
  HttpClient,
  HttpClientOptions,
  HttpDispatcher,
  HttpLogin,
  HttpOptions,
  HttpReadRequest,
  TlsOptions,
} from './contract/http.ts';
export { isJsonObject, isJsonValue } from './json/json.ts';
export type { JsonObject, JsonPrimitive, JsonSchema, JsonValue } from './json/json.ts';
export type { Observation, ReadContext } from './contract/observation.ts';
export type { ObservationDefinition } from './contract/observation-definition.ts';
export type { Paging } from './contract/paging.ts';
export { ERROR_KINDS, OperatorError } from './contract/operator-error.ts';
export type {
  ErrorKind,
  OperatorErrorDocument,
  OperatorErrorOptions,
} from './contract/operator-error.ts';
export { PARAM_TYPES } from './contract/param-def.ts';
export type { ParamDef, ParamType } from './contract/param-def.ts';
export type {
  AnyParametersSchema,
  InferParameters,
  ParametersSchema,
} from './contract/parameters-schema.ts';
export { PLAN_FORMAT } from './contract/plan.ts';
export type {
  Effect,
  Evidence,
  Inverse,
  NothingToDo,
  Plan,
  PlanDraft,
  PlanOutcome,
  PlanSubject,
  Refused,
  ResourceClaim,
  StandingEffect,
} from './contract/plan.ts';
export { isHttpRequest } from './contract/planned-request.ts';
export type {
  Capture,
  HttpRequest,
  PlannedRequest,
  StatementRequest,
  TargetedHttpRequest,
  TargetedRequest,
  TargetedStatementRequest,
} from './contract/planned-request.ts';
export { draft, nothingToDo, refuse } from './contract/plan-outcome.ts';
export type {
  DeclaredImpact,
  SuggestedPolicy,
  SupportedVersions,
} from './contract/plugin-vocabulary.ts';
export type { PluginHost, PluginMemory } from './contract/plugin-host.ts';
export type {
  DeclaredBody,
  DeclaredPath,
  HttpRead,
  HttpWrite,
  ReadDeclaration,
  StatementReads,
} from './contract/read-declaration.ts';
export type { Refusal } from './contract/refusal.ts';
export { advise, toRemedy, wordRemedy } from './contract/remedy.ts';
export type { NextOperation, Remedy } from './contract/remedy.ts';
export { higherRisk, RISK_LEVELS } from './contract/risk-level.ts';
export type { RiskLevel } from './contract/risk-level.ts';
export type { SendResult } from './contract/send-result.ts';
export type { CallOptions, SendOptions, Subject } from './contract/subject.ts';
export { PLUGIN_KIND } from './contract/subject-plugin.ts';
export type { SubjectPlugin, SubjectPluginSpec } from './contract/subject-plugin.ts';
export type { SystemIdentity } from './contract/system-identity.ts';
export { isUnknown, unknownBecause } from './contract/unknown-value.ts';
export type { OrUnknown, Unknown } from './contract/unknown-value.ts';
export { EFFECT_CAUSES } from './contract/verification.ts';
export type { EffectCause, Progress, Verification } from './contract/verification.ts';
export { ActionRegistry } from './host/action-registry.ts';
export type { ActionSource } from './host/action-registry.ts';
export { canonicalJson } from './host/canonical-json.ts';
export { checkPlugin, readContractVersion } from './host/check-plugin.ts';
export { describeActions, describeObservations } from './host/describe.ts';
export { RESERVED_PARAMETER_NAMES } from './host/describe-parameters.ts';
export { createMisbehaved } from './host/create-misbehaved.ts';
export { CORE_ERROR_CODES } from './contract/error-codes.ts';
export { isOrigin } from './json/origin.ts';
export { isTolerated } from './host/is-tolerated.ts';
export { invalidPlugin } from './host/invalid-plugin.ts';
export { nearestNames } from './json/nearest-names.ts';
export { parsePlanOutcome, parseVerification } from './host/parse-outcome.ts';
export { digestPlan, digestText } from './host/plan-digest.ts';
export { readMember } from './host/read-member.ts';
export { createNextSchema, createRemedySchema } from './host/remedy-schema.ts';
export { toRequestContent, toRequestTitle } from './host/request-content.ts';
export { schemaIssues } from './json/schema-issues.ts';
export type { SchemaError } from './json/schema-issues.ts';
export { validateParameters } from './host/validate-parameters.ts';
export type { ParameterIssue, ValidatedParameters } from './host/validate-parameters.ts';
export { viewIssues } from './host/view-issues.ts';
export type { View, ViewColumn, ViewTable } from './contract/view.ts';
