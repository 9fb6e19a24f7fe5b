import type { ActionDefinition } from 'operator-core';
import { describedHelp } from '../../command/action-help.ts';
import { freePositionals } from '../../arguments/check-arguments.ts';
import { parseSimpleArguments } from '../../command/parse-arguments.ts';
import { ACTIONS } from '../../builders/catalogs.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { printHelp, showHelp } from '../../command/help.ts';
import { withSubject } from '../../command/with-engine.ts';
import { formatCatalog } from '../../output/catalog-view.ts';
import { reportList } from '../../output/report-list.ts';
import { runCommand } from '../change/run.ts';

/** See `operator actions --help`. */
export const actionsCommand: Command = {
  name: 'actions',
  summary: 'List the actions, or describe one. Does not connect.',
  usage: '[NAME] [flags]',
  flags: [],
  examples: [
    ['operator actions', 'all actions'],
    ['operator actions --output ndjson', 'their full definitions, one a line'],
  ],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  const scanned = parseSimpleArguments(invocation, 1);
  if (scanned.flags.has('help')) return showHelp(invocation);
  const [name] = freePositionals(scanned);
  return withSubject(invocation, async (subject) => {
    if (name !== undefined) {
      const action = ACTIONS.find(subject, name);
      return action === undefined ? ACTIONS.refuse(subject, name) : show(action, invocation);
    }
    const actions = ACTIONS.list(subject);
    reportList(output, {
      all: { format: 'operator.actions/1', content: { subject: subject.name, actions } },
      each: 'operator.action/1',
      rows: actions,
      lines: () => formatCatalog(actions, output.data),
    });
    return EXIT_CODES.done;
  });
}

function show(action: ActionDefinition, { output }: Invocation): number {
  if (output.format !== 'text') output.emit('operator.action/1', action);
  // The page of `operator run NAME --help` has all details of an action.
  else printHelp(describedHelp(runCommand, action), output);
  return EXIT_CODES.done;
}
