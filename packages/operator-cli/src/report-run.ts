import type { ActionDefinition } from 'operator-core';
import type { RunResult, VerifyResult } from 'operator-engine';
import { readFlag } from './arguments/parse-arguments.ts';
import type { Invocation } from './command.ts';
import type { DescribedCall } from './described-call.ts';
import { formatError } from './output/error-view.ts';
import type { Output } from './output/output.ts';
import { printableLine } from './output/printable.ts';
import { formatDuration } from './output/units.ts';
import { toErrorDocument, toErrorView } from './report-error.ts';
import { typedCommand } from './typed-command.ts';

interface Reported {
  readonly invocation: Invocation;
  readonly call: DescribedCall<ActionDefinition>;
}

/** States in which looking again may show more. */
const OPEN_STATES: readonly string[] = ['accepted', 'unknown', 'interrupted'];

/** Says how a run ended: a document, or lines for people. */
export function reportRun(run: RunResult, { invocation, call }: Reported): void {
  const { output } = invocation;
  const seconds = `${Math.max(1, Math.ceil(run.plan.deadlineMs / 1000))}s`;
  const again = OPEN_STATES.includes(run.state)
    ? typedCommand(invocation, call, { command: 'verify', rest: ['--timeout', seconds] })
    : null;
  if (output.format !== 'text') output.emit(toRunDocument(run, again));
  else if (run.error !== null) output.note(formatError(toErrorView(run.error), output.notes));
  else output.print([describeEnd(run, invocation)]);
  if (again !== null && output.format === 'text') noteVerify(again, output);
}

/** Says what looking for an effect came to. */
export function reportVerification(result: VerifyResult, { invocation, call }: Reported): void {
  const { output } = invocation;
  const { subject, definition, parameters } = call;
  const { error, ...rest } = result;
  if (output.format !== 'text') {
    output.emit({
      format: 'operator.verification/1',
      subject: subject.name,
      action: definition.name,
      parameters,
      ...rest,
      error: error === null ? null : toErrorDocument(error),
    });
  } else if (error === null) {
    const { style } = output.data;
    output.print([`${style.green(style.bold('Proven:'))} ${printableLine(result.summary)}`]);
  } else {
    output.note(formatError(toErrorView(error), output.notes));
    if (!OPEN_STATES.includes(result.state)) return;
    const flags = ['--timeout', readFlag(call.scanned, 'timeout') ?? '60s'];
    noteVerify(typedCommand(invocation, call, { command: 'verify', rest: flags }), output);
  }
}

function noteVerify(command: string, output: Output): void {
  output.note(['', `To go on watching: ${command}`]);
}

function toRunDocument({ error, plan, ...run }: RunResult, again: string | null): object {
  const { subject, action, parameters } = plan;
  return {
    format: 'operator.run/1',
    subject,
    action,
    parameters,
    ...run,
    plan,
    error: error === null ? null : toErrorDocument(error),
    verifyCommand: again,
  };
}

function describeEnd({ state, summary, elapsedMs }: RunResult, { output }: Invocation): string {
  const { style } = output.data;
  const line = printableLine(summary);
  if (state === 'accepted') return `${style.yellow(style.bold('Accepted, not proven:'))} ${line}`;
  return `${style.green(style.bold('Done and proven:'))} ${line} (${formatDuration(elapsedMs)})`;
}
