import { isJsonObject, OperatorError } from 'operator-core';
import type { Plan } from 'operator-core';
import type { Engine, GatedSubject } from 'operator-engine';
import type { Flag } from '../../arguments/flag.ts';
import { keepFlags } from '../../arguments/format-command.ts';
import { helpOf } from '../../command/parse-arguments.ts';
import { readFlag, readSwitch } from '../../arguments/read-flag.ts';
import { parseJson } from '../../arguments/parse-json.ts';
import { readText } from '../../arguments/read-text.ts';
import { isConfirmed } from '../../asking/confirm.ts';
import { confirmPlan } from './confirm-plan.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import { createUsageError } from '../../errors/error-codes.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { followEvents } from '../report/follow-events.ts';
import { formatNext } from '../../command/format-next.ts';
import { noteForesight } from './note-foresight.ts';
import { readNamedFile } from './plan-file.ts';
import { replan } from './replan.ts';
import { reportRun } from '../report/report-run.ts';
import {
  checkLease,
  checkRunFlags,
  keepRunFlags,
  readRunOptions,
  RUN_FLAGS,
} from '../../arguments/run-options.ts';
import { showPlan } from './show-plan.ts';
import { noteCondition, readCondition } from './until.ts';

const REPLAN: Flag = {
  name: 'replan',
  description:
    'If the plan is stale: plan again, show the differences, and ask again. --yes does not confirm the new plan.',
};

const SECRETS: Flag = {
  name: 'secrets',
  value: 'JSON',
  description:
    'Secret parameters of the plan, which are not in its file, as {"name": "text"}; - reads stdin.',
};

/** See `operator apply --help`. */
export const applyCommand = createEngineCommand({
  name: 'apply',
  summary:
    'Run exactly the plan in a file, here or on another machine with the same configuration.',
  usage: 'PLAN [--replan] [--for DURATION] [--yes] [--no-wait] [flags]',
  details: [
    'PLAN is a file from `operator plan --out`. A file that was edited, or made for another system, is refused. If a fact that the plan relies on has changed since, nothing is sent and the command ends with 7.',
  ],
  flags: [REPLAN, SECRETS, ...RUN_FLAGS],
  examples: [['operator apply plan.json', 'show the plan again, then ask']],
  operand: { missing: 'Name the file: `operator plan ACTION … --out plan.json` writes one.' },
  check: checkRunFlags,
  use: applyFile,
});

async function applyFile(call: EngineCall): Promise<number> {
  const { invocation, engine, scanned, operand } = call;
  const text = readNamedFile({ cwd: invocation.io.cwd, file: operand });
  const secrets = await readSecrets(call);
  const wantsReplan = readSwitch(scanned, 'replan') === true;
  try {
    const { parsePlanDocument } = await import('operator-engine');
    const document = parsePlanDocument(text);
    checkLease(document, scanned, helpOf(invocation));
    const subject = await openSubjectOf(document, engine, call);
    const until = await readCondition(subject, scanned, invocation);
    const { signal } = invocation.io;
    const planning = { secrets, signal, isConfirmed: isConfirmed(scanned) };
    const plan = await subject.planAgain(document, planning);
    showPlan(plan, invocation, definitionsOf(subject, plan));
    await noteForesight(plan, subject, invocation);
    noteCondition(until, invocation);
    const command = formatApply(call, [...keepFlags(scanned, ['replan']), '--yes']);
    await confirmPlan(plan, { invocation, scanned, command });
    return await applyPlan(plan, subject, call);
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind !== 'stale') throw error;
    if (!wantsReplan) {
      throw withHint(error, formatApply(call, ['--replan']));
    }
    // Only its age is wrong, so it is a plan.
    const before: Plan = JSON.parse(text);
    const subject = await openSubjectOf(before, engine, call);
    const definitions = definitionsOf(subject, before);
    const now = await replan(before, { error, subject, definitions, secrets, call });
    return now === null ? 0 : applyPlan(now, subject, call);
  }
}

async function applyPlan(
  plan: Plan,
  subject: GatedSubject,
  { invocation, engine, scanned }: EngineCall,
): Promise<number> {
  const { signal } = invocation.io;
  const events = subject.apply(plan, { signal, ...readRunOptions(scanned) });
  return reportRun(await followEvents(events, invocation.output), { invocation, engine });
}

/** The command line that applies the same file in the same way. */
function formatApply(
  { invocation, scanned, operand }: EngineCall,
  more: readonly string[],
): string {
  const kept = [...keepRunFlags(scanned), ...keepFlags(scanned, ['subject'])];
  return formatNext(invocation, ['apply', operand, ...kept, ...more]);
}

/** The subject with that name; when there is none, the chosen subject reports that the plan is not for it. */
async function openSubjectOf(
  plan: Plan,
  engine: Engine,
  { invocation, scanned }: EngineCall,
): Promise<GatedSubject> {
  const isConfigured = engine.subjects().some(({ name }) => name === plan.subject.name);
  const name = readFlag(scanned, 'subject') ?? (isConfigured ? plan.subject.name : undefined);
  return engine.openSubject(name, { signal: invocation.io.signal });
}

/** `--secrets` by name. Throws `COMMAND_LINE_INVALID`. */
async function readSecrets({
  invocation,
  scanned,
}: EngineCall): Promise<Readonly<Record<string, string>>> {
  const given = readFlag(scanned, 'secrets');
  if (given === undefined) return {};
  const { stdin, signal } = invocation.io;
  const read = parseJson(given === '-' ? await readText(stdin, signal) : given);
  const isFine = read.ok && isJsonObject(read.value) && Object.values(read.value).every(isText);
  if (isFine) return read.value as Readonly<Record<string, string>>;
  const problem = '--secrets must be a JSON object of texts: {"name": "text"}.';
  throw createUsageError([problem], helpOf(invocation));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function definitionsOf(subject: GatedSubject, plan: Plan) {
  return subject.actions.getDefinition(plan.action)?.parameters ?? {};
}

function withHint(error: OperatorError, command: string): OperatorError {
  const remedy = `${error.remedy} To see the differences and decide again: ${command}`;
  return OperatorError.with(error, { remedy });
}
