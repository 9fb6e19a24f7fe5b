import { createGroup } from '../command-group.ts';
import { explainPolicyCommand } from './policy/explain.ts';
import { testPolicyCommand } from './policy/test.ts';

/** See `operator policy --help`. */
export const policyCommand = createGroup({
  name: 'policy',
  summary: 'Test the policy, or explain what it says of a plan.',
  commands: [testPolicyCommand, explainPolicyCommand],
});
