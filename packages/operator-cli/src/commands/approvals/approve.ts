import type { ApproveResult, RunDetails, RunResult } from 'operator-engine';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { keepFlags } from '../../arguments/format-command.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import type { Invocation } from '../../command/command.ts';
import { confirm } from '../../asking/confirm.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES, exitCodeOf } from '../../errors/exit-code.ts';
import { followEvents } from '../report/follow-events.ts';
import { formatNext } from '../../command/format-next.ts';
import { formatWaiting } from '../../output/approval-view.ts';
import { toPlanJson } from '../change/plan-json.ts';
import { reportRun, toRunContent } from '../report/report-run.ts';

/** See `operator approve --help`. */
export const approveCommand = createEngineCommand({
  name: 'approve',
  summary: 'Show the plan of a run in full and consent to it. The last consent starts the run.',
  usage: 'RUN [--comment TEXT] [--yes] [flags]',
  details: [
    'You consent as your user of the operating system; no argument changes that. The consent covers this plan under the current policy. It is valid for 15 minutes and for one start.',
    'If an `operator watch` is running, it carries the run out. Otherwise this command does, with the exit codes of `operator run`.',
  ],
  flags: [
    { name: 'comment', value: 'TEXT', description: 'A comment that is kept with the consent.' },
    COMMAND_FLAGS.yes,
  ],
  examples: [['operator approve RUN', 'show the plan, then ask']],
  operand: RUN_OPERAND,
  needsLedger: true,
  use: approve,
});

async function approve(call: EngineCall): Promise<number> {
  const { engine, invocation, scanned, operand } = call;
  const { io, output } = invocation;
  const details = await engine.runs.get(operand);
  const pending = await engine.approvals.pending();
  const progress = pending.find(({ run }) => run.id === details.id);
  if (progress !== undefined && (output.format === 'text' || io.isTTY.stderr)) {
    output.note([...formatWaiting({ progress, details }, output.notes), '']);
  }
  // The ledger reports problems of the run before a person is asked.
  if (progress !== undefined) await ask(call, details);
  const comment = readFlag(scanned, 'comment');
  const approved = await engine.approvals.approve(operand, {
    digest: details.digest,
    atTerminal: io.isTTY.stdin && io.isTTY.stderr,
    ...(comment === undefined ? {} : { comment }),
  });
  return goOn(approved, call);
}

async function ask(
  { engine, invocation, scanned, operand }: EngineCall,
  { digest, plan }: RunDetails,
): Promise<void> {
  const question = {
    text: `Do you, ${engine.actor?.name ?? ''}, consent to this`,
    otherwise: 'Nothing was approved.',
    command: formatNext(invocation, [
      'approve',
      operand,
      ...keepFlags(scanned, ['comment']),
      '--yes',
    ]),
    facts: { digest, plan: toPlanJson(plan) },
  };
  await confirm(question, { invocation, scanned });
}

async function goOn(approved: ApproveResult, { engine, invocation }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const { run, goesOn } = approved;
  if (output.format === 'text') output.note([describe(approved), '']);
  if (goesOn !== 'here') {
    if (output.format !== 'text') await emit(approved, null, invocation);
    else if (goesOn === 'watch') {
      output.print([`To follow it: ${formatNext(invocation, ['runs', 'watch', run.id])}`]);
    }
    return EXIT_CODES.done;
  }
  if (output.format === 'ndjson') await emit(approved, null, invocation);
  const events = engine.runs.resume(run.id, { signal: io.signal });
  const result = await followEvents(events, output);
  if (output.format !== 'json') return reportRun(result, { invocation, engine });
  await emit(approved, result, invocation);
  return exitCodeOf(result.error);
}

async function emit(
  approved: ApproveResult,
  result: RunResult | null,
  invocation: Invocation,
): Promise<void> {
  const { toApprovalDocument } = await import('operator-engine');
  const part = result === null ? null : await toRunContent(result, invocation);
  const document = toApprovalDocument(approved, result);
  invocation.output.emit('operator.approval/1', { ...document, result: part });
}

function describe({ given, needed, goesOn }: ApproveResult): string {
  const count = `Approved, ${given.length} of ${needed}.`;
  switch (goesOn) {
    case 'not_yet':
      return `${count} It waits for more.`;
    case 'watch':
      return `${count} A running \`operator watch\` carries it out.`;
    case 'here':
      return `${count} No \`operator watch\` is running, so this command carries it out.`;
  }
}
