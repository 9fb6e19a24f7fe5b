import { OperatorError } from 'operator-core';
import type { JsonObject, Verification } from 'operator-core';
import type { GateContext } from '../../subject/gate-context.ts';
import { capturedOf, inverseOf } from '../../planning/captures.ts';
import { createLooker } from '../../verifying/look.ts';
import { planAction } from '../../planning/plan-action.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { isAnswerLost } from '../execute/conclude-sending.ts';

/** Presence of a run's effect in the system now, regardless of its cause. */
export interface EffectSight {
  readonly seen: 'there' | 'not_there' | 'unknown';
  /** One sentence. */
  readonly summary: string;
  readonly facts: JsonObject;
}

/**
 * Looks for the effect of a run by reading. A standing effect is in force when its inverse has something to do,
 * even while the system is still working on the effect. When the inverse refuses, for instance because the
 * effect became permanent, `verify` may report that another change replaced it. Throws when the system cannot
 * be read.
 */
export async function lookAtEffect(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<EffectSight> {
  const { standingEffect } = run.plan;
  const inverse = inverseOf(run);
  if (standingEffect === null || 'none' in inverse) return verify(context, run, signal);
  const planned = await planAction(context, await resolveCall(context, inverse, signal), {
    signal,
  });
  switch (planned.kind) {
    case 'plan': {
      const summary = `${standingEffect.name} on ${standingEffect.resource} is in force.`;
      return { seen: 'there', summary, facts: {} };
    }
    case 'nothing_to_do':
      return { seen: 'not_there', summary: planned.summary, facts: {} };
    case 'refused': {
      const replaced = await findReplacement(context, run, signal);
      if (replaced !== null) return replaced;
      const { code, message } = planned.refusal;
      return { seen: 'unknown', summary: `${message} (${code})`, facts: {} };
    }
  }
}

/** Look at an effect that another change has replaced; `null` when none has. */
export async function findReplacement(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<EffectSight | null> {
  const { state, summary, facts } = await readVerification(context, run, signal);
  return state === 'superseded' ? toReplaced(summary, facts) : null;
}

function toReplaced(summary: string, facts: JsonObject): EffectSight {
  return { seen: 'not_there', summary: `Another change has taken its place: ${summary}`, facts };
}

async function verify(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<EffectSight> {
  const { state, summary, facts } = await readVerification(context, run, signal);
  if (state === 'reached') return { seen: 'there', summary, facts };
  if (state === 'superseded') return toReplaced(summary, facts);
  return { seen: state === 'unknown' ? 'unknown' : 'not_there', summary, facts };
}

async function readVerification(
  context: GateContext,
  { plan, requests }: RunDetails,
  signal: AbortSignal | undefined,
): Promise<Verification> {
  const call = await resolveCall(context, plan, signal);
  const connection = await context.connect(signal);
  const sentAt = Date.parse(requests[0]?.intendedAt ?? '') || null;
  const results = requests.map(({ result }) => result);
  const answerLost = isAnswerLost(results);
  const captured = capturedOf(results);
  const how = { connection, plan, captured, sentAt, answerLost, signal };
  const look = createLooker(context, call, how);
  const { verification, error } = await look();
  if (verification === null) throw error;
  return verification;
}

/** The same, with a read error returned as `unknown`. */
export async function tryToLook(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<EffectSight> {
  try {
    return await lookAtEffect(context, run, signal);
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind === 'interrupted') throw error;
    return { seen: 'unknown', summary: error.message, facts: {} };
  }
}
