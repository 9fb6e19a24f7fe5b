import { ACTIONS } from '../catalogs.ts';
import { COMMAND_FLAGS } from '../arguments/flag.ts';
import type { Command, Invocation } from '../command.ts';
import { callDescribed } from '../described-call.ts';
import { typedCommand } from '../typed-command.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { formatPlan } from '../output/plan-view.ts';
import { refusalError, reportNothingToDo } from '../planning.ts';

/** See `operator plan --help`. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'Show exactly what an action would do and send. Reads only.',
  usage: 'ACTION [--PARAMETER VALUE …] [flags]',
  flags: [COMMAND_FLAGS.params],
  examples: [['operator actions', 'which actions there are']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { io, output } = invocation;
  return callDescribed(invocation, {
    catalog: ACTIONS,
    use: async (call) => {
      const { subject, definition, parameters } = call;
      const result = await subject.plan(definition.name, parameters, { signal: io.signal });
      if (result.kind === 'refused') throw refusalError(result);
      if (result.kind === 'nothing_to_do') return reportNothingToDo(result, output);
      if (output.format !== 'text') {
        output.emit(result.plan);
        return EXIT_CODES.done;
      }
      output.print(formatPlan(result.plan, output.data, definition.parameters));
      output.note([
        '',
        `Nothing was sent. To do it: ${typedCommand(invocation, call, { command: 'run' })}`,
      ]);
      return EXIT_CODES.done;
    },
  });
}
