import { OperatorError } from 'operator-core';
import type { Diagnosis } from 'operator-core';
import { diagnosesSchema } from '../subject/answer-schemas.ts';
import type { Connection } from '../subject/connection.ts';
import { identifySystem } from './draft-action.ts';
import { requireSupported } from './supported-version.ts';
import type { GateContext } from '../subject/gate-context.ts';
import { parseAnswer } from '../subject/parse-answer.ts';

/** Connects and lets the plugin look for problems. An error on the way is a diagnosis too. */
export async function diagnoseSubject(
  context: GateContext,
  signal: AbortSignal | undefined,
): Promise<readonly Diagnosis[]> {
  const connected = await attempt(`connection of ${context.subjectName}`, async () =>
    context.connect(signal),
  );
  if ('failed' in connected) return [connected.failed];
  const diagnosed = await attempt(`checks of ${context.subjectName}`, async () =>
    diagnose(context, connected.value, signal),
  );
  const found = 'failed' in diagnosed ? [diagnosed.failed] : diagnosed.value;
  const { guard, policies = [], supports } = context.loaded.plugin;
  const version =
    supports === undefined || 'failed' in diagnosed
      ? []
      : await diagnoseVersion(context, connected.value, signal);
  return [
    ...found,
    ...version,
    ...(guard === 'none' ? [UNGUARDED] : []),
    ...policies.map(({ name, description }) => toSuggestion(name, description)),
  ];
}

/** Reports a version that the plugin does not support, before an action is planned. */
async function diagnoseVersion(
  context: GateContext,
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<readonly Diagnosis[]> {
  const checked = await attempt('version', async () => {
    const system = await identifySystem(context, connection, signal);
    requireSupported(context.loaded.plugin, system);
  });
  return 'failed' in checked ? [checked.failed] : [];
}

function toSuggestion(name: string, description: string): Diagnosis {
  return { check: `suggested policy ${name}`, state: 'ok', message: description };
}

const UNGUARDED: Diagnosis = {
  check: 'guard',
  state: 'warning',
  message: 'The plugin sends changes in a way that Operator does not see.',
  remedy:
    'That only planned requests leave, and each once, is the word of its author; a rule of the policy with `guard: none` can ask for approval.',
};

async function diagnose(
  context: GateContext,
  connection: Connection,
  signal: AbortSignal | undefined,
): Promise<readonly Diagnosis[]> {
  if (connection.subject.diagnose === undefined) {
    const { kind, id, version } = await identifySystem(context, connection, signal);
    const message = `${kind} ${id}${version === undefined ? '' : `, version ${version}`} answers.`;
    return [{ check: 'identity', state: 'ok', message }];
  }
  const call = { what: 'diagnosing the system', limitMs: context.limits.readMs, signal };
  const answer = await connection.read(call, (subject, inner) =>
    subject.diagnose?.({ signal: inner }),
  );
  return parseAnswer(diagnosesSchema(), answer, 'its diagnoses');
}

async function attempt<Value>(
  check: string,
  run: () => Promise<Value>,
): Promise<{ value: Value } | { failed: Diagnosis }> {
  try {
    return { value: await run() };
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind === 'interrupted') throw error;
    const { message } = error;
    const remedy = OperatorError.remedyOf(error);
    const facts = Object.keys(error.facts).length === 0 ? {} : { facts: error.facts };
    return { failed: { check, state: 'failed', message, remedy, ...facts } };
  }
}
