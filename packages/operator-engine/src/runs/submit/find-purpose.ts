import { canonicalJson, OperatorError } from 'operator-core';
import type { Inverse, JsonObject, Plan } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import type { ActionCall, GateContext } from '../../subject/gate-context.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunDetails, RunPurpose } from '../../ledger/run-record.ts';
import { capturedOf, inverseOf } from '../../planning/captures.ts';
import { wayOf } from '../execute/cancel-effect.ts';
import { isCauseUnknown } from '../execute/stored-outcome.ts';
import { tryTrustRun } from '../../planning/sealed-plan.ts';
import { OWNED_STATES } from '../../ledger/run-state.ts';

/** A plan, and the call that it is the plan of. */
interface PlannedCall {
  readonly ledger: Ledger;
  readonly plan: Plan;
  readonly call: ActionCall;
}

const CHANGE: RunPurpose = { kind: 'change' };

/**
 * Purpose of a plan: cancel, when it is the way to cancel the run that is under way on the same
 * resources; undo, when it is exactly the inverse of the last run; otherwise a change. An undo does not
 * wait for a cooldown, and a cancel does not wait for the lock of the run that it cancels.
 */
export async function findPurpose(context: GateContext, asked: PlannedCall): Promise<RunPurpose> {
  const { ledger, plan } = asked;
  const running = await findRunning(asked);
  if (running !== null) return findCancelled(context, running, asked);
  const last = await ledger.runs.lastOn({
    system: plan.subject.system,
    resources: exclusiveResources(plan),
    states: ['succeeded', 'partly_done', 'ineffective', 'unknown'],
  });
  // Taking back what took something back is a change again, or there would be no end to it.
  if (last?.purpose.kind !== 'change') return CHANGE;
  const changed = await ledger.runs.get(last.id);
  if (OperatorError.isInstance(tryTrustRun(changed)) || isCauseUnknown(changed)) return CHANGE;
  return isWay(inverseOf(changed), asked) ? { kind: 'undo', of: last.id } : CHANGE;
}

/**
 * Throws `UNDO_REFUSED` for a plan that is not the way to do what its purpose says. An end and a cancel need no rule of
 * policy: the word of who asked for them is not enough.
 */
export async function requireTruePurpose(
  context: GateContext,
  asked: PlannedCall,
  purpose: RunPurpose,
): Promise<void> {
  if (purpose.kind === 'change') return;
  const original = await asked.ledger.runs.get(purpose.of);
  const way = purpose.kind === 'cancel' ? await cancelOf(context, original) : inverseOf(original);
  if (purpose.kind === 'cancel' && isCancelWay(way, asked)) return;
  if (isWay(way, asked) || (await isSameCall(context, way, asked))) return;
  throw createEngineError('UNDO_REFUSED', {
    message: `The plan for ${asked.plan.action} is not the ${NAMES[purpose.kind]} of run ${purpose.of}; nothing was sent.`,
    remedy: 'Request it as a change.',
    facts: { runId: purpose.of, purpose: purpose.kind, action: asked.plan.action },
  });
}

const NAMES = { undo: 'undo', cancel: 'cancel', lease_end: 'end of the lease' } as const;

async function cancelOf(context: GateContext, { plan, requests }: RunDetails): Promise<Inverse> {
  const captured = capturedOf(requests.map(({ result }) => result));
  return wayOf({ context, plan, captured, call: await resolveCall(context, plan, undefined) });
}

async function isSameCall(
  context: GateContext,
  way: Inverse,
  { call }: PlannedCall,
): Promise<boolean> {
  if ('none' in way || way.action !== call.definition.name) return false;
  const { parameters } = await resolveCall(context, way, undefined);
  return canonicalJson(parameters) === canonicalJson(call.parameters);
}

/** The run under way that disturbs what the plan disturbs: locks let there be one at most. */
async function findRunning({ ledger, plan }: PlannedCall): Promise<RunDetails | null> {
  const disturbed = exclusiveResources(plan);
  const underWay = await ledger.runs.list({ subject: plan.subject.name, states: OWNED_STATES });
  for (const { id } of underWay) {
    const run = await ledger.runs.get(id);
    if (exclusiveResources(run.plan).some((resource) => disturbed.includes(resource))) return run;
  }
  return null;
}

async function findCancelled(
  context: GateContext,
  run: RunDetails,
  asked: PlannedCall,
): Promise<RunPurpose> {
  const { id, plan } = run;
  const call = await resolveCall(context, plan, undefined);
  if (call.action.cancel === undefined) return CHANGE;
  const way = await cancelOf(context, run);
  return isCancelWay(way, asked) ? { kind: 'cancel', of: id } : CHANGE;
}

/** True when a plan cancels in the run's way, or in the same way with fewer of its parameters. */
function isCancelWay(way: Inverse, { plan }: PlannedCall): boolean {
  if ('none' in way || way.action !== plan.action) return false;
  const given = Object.entries(plan.parameters);
  return given.every(
    ([name, value]) => canonicalJson(way.parameters[name] ?? null) === canonicalJson(value),
  );
}

/** Resources that a plan holds exclusively while it is carried out. */
export function exclusiveResources({ resources }: Plan): readonly string[] {
  return resources.filter(({ mode }) => mode === 'exclusive').map(({ resource }) => resource);
}

function isWay(way: Inverse, { plan, call }: PlannedCall): boolean {
  if ('none' in way || way.action !== plan.action) return false;
  const wanted = { ...defaultsOf(call), ...way.parameters };
  return canonicalJson(wanted) === canonicalJson(plan.parameters);
}

function defaultsOf({ definition }: ActionCall): JsonObject {
  const given = Object.entries(definition.parameters).flatMap(([name, parameter]) =>
    parameter.default === undefined ? [] : [[name, parameter.default] as const],
  );
  return Object.fromEntries(given);
}
