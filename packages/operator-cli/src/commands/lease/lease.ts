import { createGroup } from '../../builders/command-group.ts';
import { endLeaseCommand } from './end.ts';
import { extendLeaseCommand } from './extend.ts';
import { releaseLeaseCommand } from './release.ts';
import { formatNext } from '../../command/format-next.ts';
import { suggestRunsOf } from '../../suggest/meant-run.ts';

/** See `operator lease --help`. */
export const leaseCommand = createGroup({
  name: 'lease',
  summary: 'Extend, end or release one lease.',
  commands: [extendLeaseCommand, endLeaseCommand, releaseLeaseCommand],
  suggest: async (word, invocation) =>
    word === 'list' || word === 'ls'
      ? [{ command: formatNext(invocation, ['leases']), purpose: 'lists what stays in force' }]
      : suggestRunsOf({ ...invocation, command: endLeaseCommand }, word),
});
