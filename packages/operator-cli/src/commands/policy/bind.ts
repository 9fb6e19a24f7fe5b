import type { PolicyIdentity } from 'operator-engine';
import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { confirm } from '../../asking/confirm.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { printableLine } from '../../output/printable.ts';

/** See `operator policy bind --help`. */
export const bindPolicyCommand = createEngineCommand({
  name: 'policy bind',
  summary: 'Bind the ledger to the policy of this configuration, for all users of the ledger.',
  usage: '--reason TEXT [--yes] [flags]',
  details: [
    'The first change binds a ledger to the policy of its configuration, or to no policy. After that, a configuration with another policy, or without one, cannot change anything in the ledger. The content of the policy may change; its path and its owner may not.',
    'Only the owner of the ledger’s file may run this command.',
  ],
  flags: [REASON, { ...COMMAND_FLAGS.yes, description: 'Do not ask.' }],
  examples: [["operator policy bind --reason 'the policy has moved'", 'after it was moved']],
  check: requireReason,
  use: bindPolicy,
});

async function bindPolicy({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const ledger = await engine.openLedger();
  const reason = readReason(scanned);
  const bound = await ledger.policy.get();
  const from = bound === null ? 'no binding' : describePolicy(bound);
  const to = describePolicy({ path: engine.policyPath });
  const question = {
    text: `Bind ${printableLine(ledger.location)} to ${to}, instead of ${from}`,
    otherwise: 'The binding is as it was.',
    command: formatNext(invocation, ['policy', 'bind', '--reason', reason, '--yes']),
    facts: { from: bound?.path ?? null, to: engine.policyPath },
  };
  await confirm(question, { invocation, scanned });
  const binding = await ledger.policy.bind({ by: engine.requireActor(), reason });
  if (output.format !== 'text') output.emit('operator.policy_binding/1', binding);
  else output.print([`The ledger is bound to ${describePolicy(binding)}.`]);
  return EXIT_CODES.done;
}

function describePolicy({ path }: Pick<PolicyIdentity, 'path'>): string {
  return path === null ? 'no policy' : `the policy ${printableLine(path)}`;
}
