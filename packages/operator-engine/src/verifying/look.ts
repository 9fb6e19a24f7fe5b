import { OperatorError, parseVerification } from 'operator-core';
import type { Plan, Verification } from 'operator-core';
import type { Captured } from '../planning/captures.ts';
import { maskSecrets } from '../secrets/secret-values.ts';
import type { Connection } from '../subject/connection.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';

/** One look at an effect: its verification, or the error of the read. */
export type Look =
  | { readonly verification: Verification; readonly error: null }
  | { readonly verification: null; readonly error: OperatorError };

/** Looks once, within a number of milliseconds. Default: the engine's limit. Never rejects. */
export type Looker = (mostMs?: number) => Promise<Look>;

/** Input of `verify` besides its parameters. */
export interface LookOptions {
  readonly connection: Connection;
  readonly plan: Plan | null;
  /** Values that were captured from the answers. Default: none. */
  readonly captured?: Captured;
  /** Milliseconds since the epoch. */
  readonly sentAt: number | null;
  /** True when the answer to one of its requests was lost. */
  readonly answerLost: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Creates the function that looks for the effect of one action. */
export function createLooker(context: GateContext, call: ActionCall, options: LookOptions): Looker {
  const { action, parameters, secrets } = call;
  const { connection, plan, captured = {}, sentAt, answerLost, signal } = options;
  const what = `looking for the effect of ${action.name}`;
  return async (mostMs = Infinity) => {
    try {
      const answer = await connection.read(
        { what, limitMs: Math.min(mostMs, context.limits.verifyMs), signal },
        (subject, inner) =>
          action.verify({
            parameters,
            plan,
            context: plan?.context ?? null,
            captured,
            sentAt,
            answerLost,
            subject,
            signal: inner,
          }),
      );
      const verification = parseVerification(action.name, answer);
      return { verification: maskSecrets(verification, secrets), error: null };
    } catch (error) {
      // connection.read and parseVerification throw no other errors.
      if (OperatorError.isInstance(error)) return { verification: null, error };
      throw error;
    }
  };
}
