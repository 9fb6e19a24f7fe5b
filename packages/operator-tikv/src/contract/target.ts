import type { PlanDraft, PlannedRequest, PlanOutcome } from 'operator-core';
import { PDError } from '../pd/index.ts';
import type { PDClient } from '../pd/index.ts';

/**
 * Plans, and names in every request the endpoints that may take it: those that have themselves reported to
 * belong to the cluster. Throws the reason when none does: a request without a target could go nowhere.
 */
export async function withTarget(
  pd: PDClient,
  signal: AbortSignal,
  plan: () => Promise<PlanOutcome>,
): Promise<PlanOutcome> {
  const early = pd.getProvenEndpoints({ signal }).catch(nullIfUnreachable);
  const [outcome, first] = await Promise.all([plan(), early]);
  if (outcome.kind !== 'draft') return outcome;
  // An endpoint that was down when planning began may have answered since.
  return toTargeted(outcome, pd, first ?? (await pd.getProvenEndpoints({ signal })));
}

function nullIfUnreachable(error: unknown): null {
  if (PDError.isInstance(error) && error.kind === 'unreachable') return null;
  throw error;
}

function toTargeted(draft: PlanDraft, pd: PDClient, target: readonly string[]): PlanDraft {
  const targeted = (request: PlannedRequest): PlannedRequest => ({ ...request, target });
  const [first, ...others] = draft.requests;
  const warnings = [...(draft.warnings ?? []), ...warnOfUnpinned(pd, target)];
  return { ...draft, warnings, requests: [targeted(first), ...others.map(targeted)] };
}

/** If a list had two clusters, the one that answers would be used in place of the intended one. */
function warnOfUnpinned(pd: PDClient, proven: readonly string[]): readonly string[] {
  const silent = pd.configuredEndpoints.filter((endpoint) => !proven.includes(endpoint));
  if (pd.isPinned || silent.length === 0) return [];
  return [
    `The configuration sets no clusterId, and ${silent.join(', ')} did not report its cluster: make sure that cluster ${pd.clusterId} is the intended one.`,
  ];
}
