import { parseSimpleArguments } from '../arguments/parse-arguments.ts';
import { OBSERVATIONS } from '../catalogs.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { commandHelp, printHelp } from '../help.ts';
import { withSubject } from '../with-engine.ts';
import { formatCatalog } from '../output/catalog-view.ts';

/** See `operator observations --help`. */
export const observationsCommand: Command = {
  name: 'observations',
  summary: 'List what can be asked. Does not connect.',
  usage: '[flags]',
  flags: [],
  examples: [['operator observations', 'all questions and their parameters']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { command, output } = invocation;
  if (parseSimpleArguments(invocation, 0).flags.has('help')) {
    printHelp(commandHelp(command), output);
    return EXIT_CODES.done;
  }
  return withSubject(invocation, async (subject) => {
    const observations = OBSERVATIONS.list(subject);
    if (output.format === 'json') {
      output.emit({ format: 'operator.observations/1', subject: subject.name, observations });
    }
    if (output.format === 'ndjson') {
      for (const one of observations) {
        output.emit({ format: 'operator.observation_definition/1', ...one });
      }
    }
    if (output.format === 'text') output.print(formatCatalog(observations, output.data));
    return EXIT_CODES.done;
  });
}
