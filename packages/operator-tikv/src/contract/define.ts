import { forSubject } from 'operator-core';
import type { Action, AnyParametersSchema, PlanOutcome } from 'operator-core';
import { withTarget } from './target.ts';
import type { TiKVReads } from './tikv-reads.ts';

const definers = forSubject<TiKVReads>();

/** Defines an observation that is given {@link TiKVReads}. */
export const { defineObservation } = definers;

/**
 * Defines an action that is given {@link TiKVReads}. Its plans name the endpoints that may take their requests.
 */
export function defineAction<Schema extends AnyParametersSchema>(
  action: Action<Schema, TiKVReads>,
): Action<Schema, TiKVReads> {
  return definers.defineAction({
    ...action,
    plan: (context): Promise<PlanOutcome> =>
      withTarget(context.subject.pd, context.signal, async () => await action.plan(context)),
  });
}
