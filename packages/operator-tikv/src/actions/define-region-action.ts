import type {
  InferParameters,
  JsonObject,
  NothingToDo,
  ParametersSchema,
  Plan,
  PlanContext,
  PlanOutcome,
} from 'operator-core';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import type { PDCallOptions, PDOperatorName } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';
import { cancelWay } from './cancel-operator.ts';
import { defineChange } from './define-change.ts';
import type { TiKVAction } from './define-change.ts';
import type { OperatorVerification, RegionLook } from './verifying/operator-verification.ts';
import { toRequest } from './pd-change.ts';
import type { OwnAnswer, PDChange } from './pd-change.ts';
import { orRefused } from './checks/refusals.ts';
import { completeDraft } from './situation/region-draft.ts';
import type { RegionDraft } from './situation/region-draft.ts';
import { readRegionSituation } from './situation/region-situation.ts';
import type { RegionSituation } from './situation/region-situation.ts';
import { verifyOperator } from './verifying/verify-operator.ts';

/** Schema of parameters that name one region. */
type RegionSchema = ParametersSchema<unknown, { readonly region_id: number }>;

/** Access to PD while a plan is made. */
export interface PlanReads {
  readonly pd: PDClient;
  readonly signal: AbortSignal;
}

/** Input of an action's `plan`. */
export interface RegionPlanning<Parameters, More> {
  readonly wanted: Parameters;
  readonly situation: RegionSituation;
  /** Result of the action's own `read`. */
  readonly more: More;
  readonly reads: PlanReads;
}

/** Request for an operator on one region, in PD's words. */
export interface RegionRequest<Parameters, Body extends JsonObject> {
  /** `ask for the leader transfer` */
  readonly purpose: string;
  /** PD's name for this kind of request: `transfer-leader`. */
  readonly kind: string;
  /** Members of the body besides `name` and `region_id`. */
  body(wanted: Parameters): Body;
  /**
   * PD's name for the operator that it makes of the body. `plan`: the one that was sent; `null` where only the request is known:
   * `ANY_TEXT` then stands for a text of the brief that only the plan knows.
   */
  toOperator(body: Body & { readonly region_id: number }, plan: Plan | null): PDOperatorName;
  /** See {@link PDChange}. */
  readonly answers: readonly OwnAnswer[];
}

/** The effect of the operator, and how to look for it. */
export interface RegionEffect extends Pick<
  OperatorVerification,
  'targetStoreId' | 'isUndoneBy' | 'isProvenBy'
> {
  look(pd: PDClient, options: PDCallOptions): Promise<RegionLook>;
}

/** An action that asks PD for an operator on one region. */
export interface RegionAction<
  Schema extends RegionSchema,
  More,
  Body extends JsonObject,
> extends Pick<
  TiKVAction<Schema>,
  'name' | 'description' | 'riskLevel' | 'requiresApproval' | 'hints' | 'parameters'
> {
  readonly request: RegionRequest<InferParameters<Schema>, Body>;
  /** Reads besides those of the situation, at the same time. */
  readonly read: (reads: PlanReads) => Promise<More>;
  readonly plan: (
    planning: RegionPlanning<InferParameters<Schema>, More>,
  ) => Promise<NothingToDo | RegionDraft>;
  /** `plan`: the one that was sent; `null` where only the effect is asked for. */
  readonly toEffect: (wanted: InferParameters<Schema>, plan: Plan | null) => RegionEffect;
}

/** Defines an action on one region: how it reads, plans, cancels and verifies is the same for all of them. */
export function defineRegionAction<Schema extends RegionSchema, More, Body extends JsonObject>({
  request,
  read,
  plan,
  toEffect,
  ...action
}: RegionAction<Schema, More, Body>): TiKVAction<Schema> {
  const change = toChange(request);
  const nameOf = (wanted: InferParameters<Schema>, sent: Plan | null): PDOperatorName =>
    request.toOperator({ region_id: wanted.region_id, ...request.body(wanted) }, sent);
  const makePlan = async (
    context: PlanContext<InferParameters<Schema>, TiKVReads>,
  ): Promise<PlanOutcome> => {
    const { parameters: wanted, signal } = context;
    const reads = { pd: context.subject.pd, signal };
    const [situation, more] = await Promise.all([
      readRegionSituation(reads.pd, wanted.region_id, signal),
      read(reads),
    ]);
    const outcome = await plan({ wanted, situation, more, reads });
    return 'kind' in outcome
      ? outcome
      : completeDraft(outcome, situation, toRequest(change, wanted));
  };
  return defineChange({
    ...action,
    change,
    plan: (context) => orRefused(() => makePlan(context)),
    cancel: (context) =>
      cancelWay(context.parameters.region_id, nameOf(context.parameters, context.plan)),
    verify({ parameters: wanted, ...context }) {
      const effect = toEffect(wanted, context.plan);
      return verifyOperator({
        ...effect,
        ...nameOf(wanted, context.plan),
        regionId: wanted.region_id,
        context,
        look: (options) => effect.look(context.subject.pd, options),
      });
    },
  });
}

/** PD takes all operators by one path. */
function toChange<Parameters extends { readonly region_id: number }, Body extends JsonObject>(
  request: RegionRequest<Parameters, Body>,
): PDChange<Parameters> {
  const { purpose, kind, answers } = request;
  return {
    purpose,
    route: 'POST /operators',
    kind,
    answers,
    body: (wanted) => ({ region_id: wanted.region_id, ...request.body(wanted) }),
    toOperator: (body: Body & { readonly region_id: number }) => request.toOperator(body, null),
  };
}
