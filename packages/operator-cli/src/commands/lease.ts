import { createGroup } from '../command-group.ts';
import { endLeaseCommand } from './lease/end.ts';
import { extendLeaseCommand } from './lease/extend.ts';

/** See `operator lease --help`. */
export const leaseCommand = createGroup({
  name: 'lease',
  summary: 'Extend or end one lease.',
  commands: [extendLeaseCommand, endLeaseCommand],
});
