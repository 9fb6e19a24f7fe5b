import type { ActionDefinition, Plan } from 'operator-core';
import { ACTIONS } from '../../builders/catalogs.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { callDescribed } from '../../builders/described-call.ts';
import type { DescribedCall } from '../../builders/described-call.ts';
import { formatCall } from '../../command/format-call.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { noteForesight } from './note-foresight.ts';
import { formatPlan } from '../../output/plan-view.ts';
import { printableLine } from '../../output/printable.ts';
import { writePlanFile } from './plan-file.ts';
import { refusalError, reportNothingToDo } from './report-unplanned.ts';

type Call = DescribedCall<ActionDefinition>;

/** See `operator plan --help`. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'Show the effects and the exact requests of an action. Reads only.',
  usage: 'ACTION [--PARAMETER VALUE …] [--out FILE] [flags]',
  flags: [COMMAND_FLAGS.params, COMMAND_FLAGS.out],
  examples: [['operator actions', 'list the actions']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { io, output } = invocation;
  return callDescribed(invocation, {
    catalog: ACTIONS,
    use: async (call) => {
      const { subject, definition, parameters, scanned } = call;
      const result = await subject.plan(definition.name, parameters, { signal: io.signal });
      if (result.kind === 'refused') throw refusalError(result);
      if (result.kind === 'nothing_to_do') return reportNothingToDo(result, output);
      const out = readFlag(scanned, 'out');
      if (out !== undefined) await writePlanFile(result.plan, { cwd: io.cwd, file: out });
      if (output.format === 'text') {
        output.print(formatPlan(result.plan, output.data, definition.parameters));
      } else {
        output.emit('operator.plan/1', result.plan);
      }
      await noteForesight(result.plan, subject, invocation);
      if (out !== undefined) output.note(describeFile(result.plan, out, invocation));
      else if (output.format === 'text') output.note(describeNext(call, invocation));
      return EXIT_CODES.done;
    },
  });
}

function describeNext(call: Call, invocation: Invocation): readonly string[] {
  return ['', `Nothing was sent. To do it: ${formatCall(invocation, call, { command: 'run' })}`];
}

function describeFile(
  { expiresAt }: Plan,
  file: string,
  invocation: Invocation,
): readonly string[] {
  return [
    '',
    `Nothing was sent. The plan is in ${printableLine(file)} and can be applied until ${expiresAt}.`,
    `To do exactly this: ${formatNext(invocation, ['apply', file])}`,
  ];
}
