import { createGroup } from '../../builders/command-group.ts';
import { listRunsCommand } from './list.ts';
import { recoverRunsCommand } from './recover.ts';
import { showRunCommand } from './show.ts';
import { suggestRunsOf } from '../../suggest/meant-run.ts';
import { watchRunCommand } from './watch.ts';

/** See `operator runs --help`. */
export const runsCommand = createGroup({
  name: 'runs',
  summary: 'List the runs; show, follow or recover one.',
  plain: listRunsCommand,
  commands: [showRunCommand, watchRunCommand, recoverRunsCommand],
  suggest: async (word, invocation) =>
    suggestRunsOf({ ...invocation, command: showRunCommand }, word),
});
