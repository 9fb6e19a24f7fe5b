import type { Action, PlanContext, VerifyContext } from './action.ts';
import type { AnyParametersSchema, InferParameters } from './parameters-schema.ts';
import type { PlanDraft, Refused } from './plan.ts';
import { nothingToDo } from './plan-outcome.ts';
import type { Verification } from './verification.ts';

/** Result of an action's `look`: the verification, and what `plan` is given of the same reading. */
export interface Sight<Seen> extends Verification {
  readonly seen: Seen;
}

/**
 * Short form of an {@link Action}: one `look` serves planning, where a `reached` effect leaves nothing to do, and
 * `verify`, so that both judge by the same condition.
 */
export interface LookAction<Schema extends AnyParametersSchema, S, Seen> extends Omit<
  Action<Schema, S>,
  'plan' | 'verify'
> {
  /**
   * Looks once whether the effect is there. During planning `plan`, `context` and `sentAt` are `null`. Its summary and
   * facts are shown where there is nothing to do.
   */
  readonly look: (context: VerifyContext<InferParameters<Schema>, S>) => Promise<Sight<Seen>>;
  /** Plans as in {@link Action}, for an effect that is not there; `seen` is what `look` has just read. */
  readonly plan: (
    context: PlanContext<InferParameters<Schema>, S> & { readonly seen: Seen },
  ) => Promise<PlanDraft | Refused>;
}

/** The long form of an action in short form. */
export function expandLook<Schema extends AnyParametersSchema, S, Seen>(
  action: LookAction<Schema, S, Seen>,
): Action<Schema, S> {
  const { look, plan, ...rest } = action;
  return {
    ...rest,
    async plan(context) {
      const notSent = { plan: null, context: null, captured: {}, sentAt: null, answerLost: false };
      const { state, summary, facts, seen } = await look({ ...context, ...notSent });
      return state === 'reached' ? nothingToDo(summary, facts) : plan({ ...context, seen });
    },
    async verify(context) {
      const { seen: _seen, ...verification } = await look(context);
      return verification;
    },
  };
}
