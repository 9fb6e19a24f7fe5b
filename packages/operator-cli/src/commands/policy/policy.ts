import { createGroup } from '../../builders/command-group.ts';
import { bindPolicyCommand } from './bind.ts';
import { explainPolicyCommand } from './explain.ts';
import { testPolicyCommand } from './test.ts';

/** See `operator policy --help`. */
export const policyCommand = createGroup({
  name: 'policy',
  summary: 'Test the policy, explain its decision about a plan, or bind the ledger to it.',
  commands: [testPolicyCommand, explainPolicyCommand, bindPolicyCommand],
});
