// Every line here is public API: adding one is a promise to plugin authors and hosts.
export type {
  Action,
  CancelContext,
  ExecuteContext,
  PlanContext,
  VerifyContext,
} from './action.ts';
export type { ActionHints } from './action-hints.ts';
export type { ActionDefinition } from './action-definition.ts';
export { CONTRACT_VERSION, isContractCompatible } from './contract-version.ts';
export { defineAction, defineObservation, definePlugin, forSubject } from './define.ts';
export type { SubjectDefiners } from './define.ts';
export type { Diagnosis } from './diagnosis.ts';
export { UNITS } from './fact.ts';
export type { Fact, Quantity, Unit } from './fact.ts';
export type { HttpDispatcher, HttpOptions, ReadDeclaration, TlsOptions } from './http.ts';
export { isJsonObject, isJsonValue } from './json.ts';
export type { JsonObject, JsonPrimitive, JsonSchema, JsonValue } from './json.ts';
export type { Observation, ReadContext } from './observation.ts';
export type { ObservationDefinition } from './observation-definition.ts';
export { ERROR_KINDS, OperatorError } from './operator-error.ts';
export type { ErrorKind, OperatorErrorDocument, OperatorErrorOptions } from './operator-error.ts';
export { PARAM_TYPES } from './param-def.ts';
export type { ParamDef, ParamType } from './param-def.ts';
export type {
  AnyParametersSchema,
  InferParameters,
  ParametersSchema,
} from './parameters-schema.ts';
export { PLAN_FORMAT } from './plan.ts';
export type {
  Effect,
  Evidence,
  Inverse,
  NothingToDo,
  Plan,
  PlanDraft,
  PlannedRequest,
  PlanOutcome,
  PlanSubject,
  Refused,
  ResourceClaim,
  StandingEffect,
  TargetedRequest,
} from './plan.ts';
export { draft, nothingToDo, refuse } from './plan-outcome.ts';
export type { PluginHost, PluginMemory } from './plugin-host.ts';
export type { Refusal } from './refusal.ts';
export { higherRisk, RISK_LEVELS } from './risk-level.ts';
export type { RiskLevel } from './risk-level.ts';
export type { SendResult } from './send-result.ts';
export type { CallOptions, SendOptions, Subject } from './subject.ts';
export { PLUGIN_KIND } from './subject-plugin.ts';
export type { SubjectPlugin, SubjectPluginSpec } from './subject-plugin.ts';
export type { SystemIdentity } from './system-identity.ts';
export { isUnknown, unknownBecause } from './unknown-value.ts';
export type { OrUnknown, Unknown } from './unknown-value.ts';
export { EFFECT_CAUSES } from './verification.ts';
export type { EffectCause, Progress, Verification } from './verification.ts';
export { ActionRegistry } from './action-registry.ts';
export type { ActionSource } from './action-registry.ts';
export { canonicalJson } from './canonical-json.ts';
export { checkPlugin, readContractVersion } from './check-plugin.ts';
export { describeActions, describeObservations } from './describe.ts';
export { RESERVED_PARAMETER_NAMES } from './describe-parameters.ts';
export { createMisbehaved } from './create-misbehaved.ts';
export { CORE_ERROR_CODES } from './error-codes.ts';
export { isOrigin } from './origin.ts';
export { invalidPlugin } from './invalid-plugin.ts';
export { nearestNames } from './nearest-names.ts';
export { parsePlanOutcome, parseVerification } from './parse-outcome.ts';
export { digestPlan } from './plan-digest.ts';
export { schemaIssues } from './schema-issues.ts';
export type { SchemaError } from './schema-issues.ts';
export { validateParameters } from './validate-parameters.ts';
export type { ParameterIssue, ValidatedParameters } from './validate-parameters.ts';
export type { View, ViewColumn, ViewTable } from './view.ts';
