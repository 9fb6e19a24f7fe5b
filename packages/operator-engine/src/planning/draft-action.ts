import {
  canonicalJson,
  createMisbehaved,
  isHttpRequest,
  parsePlanOutcome,
  validateParameters,
} from 'operator-core';
import type { PlanOutcome, SystemIdentity } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { isReadRequest } from '../http/declared-read.ts';
import { toBytes } from '../http/write-permit.ts';
import { callPlugin } from '../plugin/call-plugin.ts';
import { systemIdentitySchema } from '../subject/answer-schemas.ts';
import type { Connection } from '../subject/connection.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { isWithinSize } from '../plugin/json-size.ts';
import { parseAnswer } from '../subject/parse-answer.ts';
import { captureIssues, hasPlaceholder } from './captures.ts';
import { requireKnownFacts } from './require-known-facts.ts';
import { undeclaredWords } from './plugin-vocabulary.ts';
import { requireSupported } from './supported-version.ts';
import { withTargets } from './targeted-draft.ts';
import type { TargetedOutcome } from './targeted-draft.ts';
import { maskSecrets } from '../secrets/secret-values.ts';

const LARGEST_OUTCOME = 8 * 1024 * 1024;

/** Result of one round of planning: identity of the system, and the draft of the action. */
export interface Drafted {
  readonly system: SystemIdentity;
  readonly outcome: TargetedOutcome;
}

/**
 * Asks the plugin for a plan and the system for its identity, at the same time. Reads only. The result has
 * stand-ins for secret parameters. Throws `SECRET_MISSING`.
 */
export async function draftAction(
  context: GateContext,
  call: ActionCall,
  signal: AbortSignal | undefined,
): Promise<Drafted> {
  requireSecrets(call);
  const connection = await context.connect(signal);
  const { value, origins } = await connection.guard.answering(() =>
    Promise.all([
      identifySystem(context, connection, signal),
      askForOutcome(context, call, { connection, signal }),
    ]),
  );
  const [system, answered] = value;
  requireSupported(context.loaded.plugin, system);
  const outcome = maskSecrets(answered, call.secrets);
  if (outcome.kind !== 'draft') return { system, outcome };
  const { hasHttp: isObserved } = connection;
  return { system, outcome: withTargets(outcome, call.action.name, { origins, isObserved }) };
}

/** Identity reported by the system. */
export async function identifySystem(
  { limits }: GateContext,
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<SystemIdentity> {
  const what = 'identifying the system';
  const answer = await connection.read({ what, limitMs: limits.readMs, signal }, (subject, inner) =>
    subject.identify({ signal: inner }),
  );
  return parseAnswer(systemIdentitySchema(), answer, 'the identity of the system');
}

function requireSecrets({ definition, missingSecrets }: ActionCall): void {
  if (missingSecrets.length === 0) return;
  const names = missingSecrets.join(', ');
  throw createEngineError('SECRET_MISSING', {
    message: `The plan for ${definition.name} does not hold its secret parameters (${names}), and this process was not given them. Nothing was sent.`,
    remedy: `Give them again with the plan, as JSON: {"${missingSecrets[0] ?? ''}": "…"}.`,
    facts: { action: definition.name, missing: [...missingSecrets] },
  });
}

async function askForOutcome(
  { limits, loaded }: GateContext,
  { action, parameters }: ActionCall,
  { connection, signal }: { connection: Connection; signal: AbortSignal | undefined },
): Promise<PlanOutcome> {
  const what = `planning ${action.name}`;
  const answer = await connection.read({ what, limitMs: limits.readMs, signal }, (subject, inner) =>
    action.plan({ parameters, subject, signal: inner }),
  );
  if (!isWithinSize(answer, LARGEST_OUTCOME)) {
    throw createMisbehaved(`the plan of action ${action.name}`, ['it is larger than 8 MiB']);
  }
  const outcome = parsePlanOutcome(action.name, answer);
  const issues = [
    ...foreignNames(outcome, loaded.plugin),
    ...endlessEffects(outcome),
    ...captureIssues(outcome),
    ...undeclaredWords(outcome, loaded.plugin),
    ...readsAmongRequests(outcome, loaded.plugin),
    ...(await checkInverse(outcome, loaded.plugin, { limitMs: limits.readMs, signal })),
  ];
  if (issues.length > 0) throw createMisbehaved(`the plan of action ${action.name}`, issues);
  requireKnownFacts(action.name, outcome);
  return outcome;
}

/** An undo that its own action would refuse is found before there is anything to undo. */
async function checkInverse(
  outcome: PlanOutcome,
  plugin: GateContext['loaded']['plugin'],
  call: { limitMs: number; signal: AbortSignal | undefined },
): Promise<readonly string[]> {
  if (outcome.kind !== 'draft' || !('action' in outcome.inverse)) return [];
  const { action, parameters } = outcome.inverse;
  const schema = plugin.actions.find(({ name }) => name === action)?.parameters;
  if (schema === undefined) return [];
  const what = `checking the parameters of the inverse ${action}`;
  const result = await callPlugin({ what, ...call }, () => validateParameters(schema, parameters));
  if (result.ok) return [];
  // Captured values are checked when they are known.
  return result.issues
    .filter(({ path }) => !hasPlaceholder(parameters[path.split('.', 1)[0] ?? '']))
    .map(({ path, message }) => `its inverse ${action}: ${path} ${message}`);
}

/** The host ends a standing effect by its inverse, so that one without an inverse could never be ended. */
function endlessEffects(outcome: PlanOutcome): readonly string[] {
  if (outcome.kind !== 'draft' || outcome.standingEffect === undefined) return [];
  const { standingEffect, inverse } = outcome;
  if (!('none' in inverse)) return [];
  return [`its standing effect ${standingEffect.name} has no inverse to end it: ${inverse.none}`];
}

/** Planned requests that only read: the guard would let them leave at any time, also before the run or twice. */
function readsAmongRequests(
  outcome: PlanOutcome,
  plugin: GateContext['loaded']['plugin'],
): readonly string[] {
  if (outcome.kind !== 'draft') return [];
  return outcome.requests
    .filter(isHttpRequest)
    .filter((request) => isReadRequest(plugin, { ...request, body: toBytes(request) }))
    .map(({ method, path }) => {
      const why = method === 'GET' ? 'a read unless `writes` declares it' : 'declared to be a read';
      return `its request ${method} ${path} is ${why}`;
    });
}

/** Names in an outcome that the plugin itself has not declared. */
function foreignNames(
  outcome: PlanOutcome,
  plugin: GateContext['loaded']['plugin'],
): readonly string[] {
  if (outcome.kind === 'refused') {
    const { code } = outcome.refusal;
    return Object.hasOwn(plugin.refusals, code) ? [] : [`it refuses with the undeclared ${code}`];
  }
  if (outcome.kind === 'nothing_to_do' || !('action' in outcome.inverse)) return [];
  const { action } = outcome.inverse;
  const isKnown = plugin.actions.some(({ name }) => name === action);
  return isKnown ? [] : [`its inverse is the unknown action ${canonicalJson(action)}`];
}
