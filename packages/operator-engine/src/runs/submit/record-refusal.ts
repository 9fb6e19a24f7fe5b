import { OperatorError } from 'operator-core';
import type { JsonObject, Plan } from 'operator-core';
import type { GateContext } from '../../subject/gate-context.ts';
import type { PlanningResult } from '../../planning/planning-result.ts';

/** A request that was refused before there was a run. */
export interface RefusedCall {
  readonly action: string;
  readonly code: string;
  readonly message: string;
  /** Digest of the document, where there is one. */
  readonly document?: string;
}

/** Writes down that a change was asked for and refused before there was a run. */
async function recordRefusal(
  { services, subjectName: subject }: GateContext,
  refused: RefusedCall,
): Promise<void> {
  const { message: reason, ...about } = refused;
  const { audit } = await services.openLedger();
  const details: JsonObject = { subject, ...about };
  await audit.recordRefusal({ actor: services.actor(), reason, details });
}

/** Writes down that the plan of a change was refused, by the plugin or because a fact could not be read. */
export async function recordRefusedPlan(
  context: GateContext,
  action: string,
  planning: Promise<PlanningResult>,
): Promise<void> {
  const refused = await planning.then(
    (planned) => (planned.kind === 'refused' ? planned.refusal : null),
    (error: unknown) =>
      OperatorError.isInstance(error) && error.kind === 'refused' ? error : null,
  );
  if (refused === null) return;
  const { code, message } = refused;
  await recordRefusal(context, { action, code, message });
}

/** Writes down that a document was not taken, and why; what is no judgement on it is left out. */
export async function recordRefusedDocument(
  context: GateContext,
  { action, digest }: Plan,
  error: unknown,
): Promise<void> {
  if (!OperatorError.isInstance(error)) return;
  const { code, kind, message } = error;
  if (kind !== 'stale' && kind !== 'refused') return;
  await recordRefusal(context, { action, code, message, document: digest });
}
