import { createGroup } from '../command-group.ts';
import { bindPolicyCommand } from './policy/bind.ts';
import { explainPolicyCommand } from './policy/explain.ts';
import { testPolicyCommand } from './policy/test.ts';

/** See `operator policy --help`. */
export const policyCommand = createGroup({
  name: 'policy',
  summary: 'Test the policy, explain what it says of a plan, or bind the ledger to it.',
  commands: [testPolicyCommand, explainPolicyCommand, bindPolicyCommand],
});
