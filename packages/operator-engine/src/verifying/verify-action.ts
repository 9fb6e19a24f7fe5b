import { operations } from '../errors/operations.ts';
import type { JsonObject, Plan } from 'operator-core';
import { concludePolling } from './conclude-polling.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { createLooker } from './look.ts';
import type { VerifyingEvent } from '../events/run-event.ts';
import type { VerifyResult } from '../events/run-result.ts';
import { pollEffect } from './poll-effect.ts';

/** One look at an effect outside a run. */
export type VerifyEvent = Omit<VerifyingEvent, 'runId'>;

/** Options of verifying. */
export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Time to keep looking, in milliseconds. Default: 0, one look. */
  readonly timeoutMs?: number;
  /** The plan that caused the effect, if any. */
  readonly plan?: Plan;
  /** Time at which its requests were sent, in milliseconds since the epoch. */
  readonly sentAt?: number;
}

/** Looks for the effect of an action without sending anything. */
export async function* verifyAction(
  context: GateContext,
  call: ActionCall,
  options: VerifyOptions,
): AsyncGenerator<VerifyEvent, VerifyResult> {
  const { signal, timeoutMs = 0, plan = null, sentAt = null } = options;
  const connection = await context.connect(signal);
  const startedAt = performance.now();
  const seen = { connection, plan, sentAt, answerLost: false, signal };
  const polling = pollEffect(createLooker(context, call, seen), {
    startedAt,
    firstLookMs: 0,
    deadlineMs: timeoutMs,
    settleMs: 0,
    answerLost: false,
    limits: context.limits,
    signal,
  });
  for (;;) {
    const next = await polling.next();
    if (next.done === true) {
      const { verification } = next.value;
      const action = call.action.name;
      const concluded = concludePolling(next.value, {
        unclear: null,
        isOwn: false,
        isLate: timeoutMs > 0,
        goOn: operations.verify(action, withoutSecrets(call)),
        facts: { action },
      });
      const elapsedMs = Math.round(performance.now() - startedAt);
      return { ...concluded, verification, elapsedMs };
    }
    if (next.value.kind === 'verifying') yield { at: context.services.clock.iso(), ...next.value };
  }
}

/** Parameters that may be shown: the caller gives secret ones again. */
function withoutSecrets({ definition, parameters }: ActionCall): JsonObject {
  const shown = Object.entries(parameters).filter(
    ([name]) => definition.parameters[name]?.secret !== true,
  );
  return Object.fromEntries(shown);
}
