import { createGroup } from '../command-group.ts';
import { endLeaseCommand } from './lease/end.ts';
import { extendLeaseCommand } from './lease/extend.ts';
import { releaseLeaseCommand } from './lease/release.ts';
import { formatNext } from '../format-next.ts';
import { suggestRunsOf } from '../suggest/meant-run.ts';

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
