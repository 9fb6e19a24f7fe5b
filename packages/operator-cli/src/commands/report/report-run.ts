import type { ActionDefinition } from 'operator-core';
import type { Document, Engine, Lease, LeaseSight, RunResult, VerifyResult } from 'operator-engine';
import { readFlag } from '../../arguments/read-flag.ts';
import type { Invocation } from '../../command/command.ts';
import type { DescribedCall } from '../../builders/described-call.ts';
import { exitCodeOf } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { toCommand } from '../../output/operation-words.ts';
import { formatError } from '../../output/error-view.ts';
import { formatLeaseNote } from '../../output/lease-view.ts';
import type { Output } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { formatDuration } from '../../output/units.ts';
import { toErrorView } from '../../output/report-error.ts';
import { formatCall } from '../../command/format-call.ts';

interface ReportedRun {
  readonly invocation: Invocation;
  readonly engine: Engine;
}

interface Reported {
  readonly invocation: Invocation;
  readonly call: DescribedCall<ActionDefinition>;
}

/** States in which another look may show more. */
const OPEN_STATES: readonly string[] = ['unknown', 'interrupted'];

/** Reports the end of a run, as a document or in lines for people, and returns the exit code. */
export async function reportRun(
  run: RunResult,
  { invocation, engine }: ReportedRun,
): Promise<number> {
  const { output } = invocation;
  const document = await toRunContent(run, invocation);
  if (output.format !== 'text') {
    output.emit('operator.run/1', document);
    return exitCodeOf(run.error);
  }
  if (run.error !== null) output.note(formatError(toErrorView(run.error), output.notes));
  else output.print([describeEnd(run, invocation)]);
  if (run.lease !== null) {
    const end = formatNext(invocation, ['lease', 'end', run.lease.runId]);
    const note = { end, isWatched: await engine.isWatched(), look: output.notes };
    output.note(formatLeaseNote(await lookAtLease({ ...run, lease: run.lease }, engine), note));
  }
  const { nextCommand } = document;
  if (nextCommand !== null) output.note(['', `To continue: ${nextCommand}`]);
  return exitCodeOf(run.error);
}

/** Reads from the system if the lease of a run is in force: an accepted request alone does not prove it. */
async function lookAtLease(
  { lease, error }: { readonly lease: Lease; readonly error: RunResult['error'] },
  engine: Engine,
): Promise<LeaseSight> {
  return error?.kind === 'interrupted'
    ? { lease, seen: 'unknown', summary: 'It was not looked for.' }
    : engine.leases.lookAt(lease.runId);
}

/** The document of a run, with the command line that continues it. */
export async function toRunContent(
  run: RunResult,
  invocation: Invocation,
): Promise<Document<'operator.run/1'> & { readonly nextCommand: string | null }> {
  const { toRunDocument } = await import('operator-engine');
  const document = toRunDocument(run);
  const [next] = document.next;
  const nextCommand = next === undefined ? null : formatNext(invocation, toCommand(next));
  return { ...document, nextCommand };
}

/** Reports the result of looking for an effect. */
export async function reportVerification(
  result: VerifyResult,
  { invocation, call }: Reported,
): Promise<void> {
  const { output } = invocation;
  const { subject, definition, parameters } = call;
  const { error } = result;
  if (output.format !== 'text') {
    const { toVerificationDocument } = await import('operator-engine');
    const about = { subject: subject.name, definition, parameters };
    output.emit('operator.verification/1', toVerificationDocument(result, about));
  } else if (error === null) {
    const { style } = output.data;
    output.print([`${style.green(style.bold('Proven:'))} ${printableLine(result.summary)}`]);
  } else {
    output.note(formatError(toErrorView(error), output.notes));
    if (!OPEN_STATES.includes(result.state)) return;
    const flags = ['--timeout', readFlag(call.scanned, 'timeout') ?? '60s'];
    noteVerify(formatCall(invocation, call, { command: 'verify', rest: flags }), output);
  }
}

function noteVerify(command: string, output: Output): void {
  output.note(['', `To continue watching: ${command}`]);
}

function describeEnd({ state, summary, elapsedMs }: RunResult, { output }: Invocation): string {
  const { style } = output.data;
  const line = printableLine(summary);
  if (state === 'succeeded') {
    return `${style.green(style.bold('Done and proven:'))} ${line} (${formatDuration(elapsedMs)})`;
  }
  return `${style.yellow(style.bold('Accepted, not proven:'))} ${line}`;
}
