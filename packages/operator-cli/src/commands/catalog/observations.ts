import { parseSimpleArguments } from '../../command/parse-arguments.ts';
import { OBSERVATIONS } from '../../builders/catalogs.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { showHelp } from '../../command/help.ts';
import { withSubject } from '../../command/with-engine.ts';
import { formatCatalog } from '../../output/catalog-view.ts';
import { reportList } from '../../output/report-list.ts';

/** See `operator observations --help`. */
export const observationsCommand: Command = {
  name: 'observations',
  summary: 'List the observations. Does not connect.',
  usage: '[flags]',
  flags: [],
  examples: [['operator observations', 'list them with their parameters']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  if (parseSimpleArguments(invocation, 0).flags.has('help')) return showHelp(invocation);
  return withSubject(invocation, async (subject) => {
    const observations = OBSERVATIONS.list(subject);
    reportList(output, {
      all: { format: 'operator.observations/1', content: { subject: subject.name, observations } },
      each: 'operator.observation_definition/1',
      rows: observations,
      lines: () => formatCatalog(observations, output.data),
    });
    return EXIT_CODES.done;
  });
}
