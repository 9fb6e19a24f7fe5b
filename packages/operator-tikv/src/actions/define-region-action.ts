import type {
  Action,
  InferParameters,
  NothingToDo,
  ParametersSchema,
  Plan,
  PlanContext,
  HttpRequest,
  PlanOutcome,
} from 'operator-core';
import { defineAction } from '../contract/define.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import type { PDCallOptions } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';
import { cancelWay } from './cancel-operator.ts';
import type { OperatorVerification, RegionLook } from './operator-verification.ts';
import { orRefused } from './refusals.ts';
import { completeDraft } from './region-draft.ts';
import type { RegionDraft } from './region-draft.ts';
import { readRegionSituation } from './region-situation.ts';
import type { RegionSituation } from './region-situation.ts';
import { verifyOperator } from './verify-operator.ts';

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

/** The operator that PD makes of the request, and how to look for its effect. */
export interface RegionEffect extends Pick<
  OperatorVerification,
  'description' | 'brief' | 'targetStoreId' | 'isUndoneBy' | 'isProvenBy'
> {
  look(pd: PDClient, options: PDCallOptions): Promise<RegionLook>;
}

/** An action that asks PD for an operator on one region. */
export interface RegionAction<Schema extends RegionSchema, More> extends Pick<
  Action<Schema, TiKVReads>,
  'name' | 'description' | 'riskLevel' | 'requiresApproval' | 'hints' | 'parameters'
> {
  readonly toRequest: (wanted: InferParameters<Schema>) => HttpRequest;
  /** Reads besides those of the situation, at the same time. */
  readonly read: (reads: PlanReads) => Promise<More>;
  readonly plan: (
    planning: RegionPlanning<InferParameters<Schema>, More>,
  ) => Promise<NothingToDo | RegionDraft>;
  /** `plan`: the one that was sent; `null` where only the effect is asked for. */
  readonly toEffect: (wanted: InferParameters<Schema>, plan: Plan | null) => RegionEffect;
}

/** Defines an action on one region: how it reads, plans, cancels and verifies is the same for all of them. */
export function defineRegionAction<Schema extends RegionSchema, More>({
  toRequest,
  read,
  plan,
  toEffect,
  ...action
}: RegionAction<Schema, More>): Action<Schema, TiKVReads> {
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
    return 'kind' in outcome ? outcome : completeDraft(outcome, situation, toRequest(wanted));
  };
  return defineAction({
    ...action,
    plan: (context) => orRefused(() => makePlan(context)),
    cancel: (context) =>
      cancelWay(context.parameters.region_id, toEffect(context.parameters, context.plan)),
    verify({ parameters: wanted, ...context }) {
      const effect = toEffect(wanted, context.plan);
      return verifyOperator({
        ...effect,
        regionId: wanted.region_id,
        context,
        look: (options) => effect.look(context.subject.pd, options),
      });
    },
  });
}
