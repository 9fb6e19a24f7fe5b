import type { Plan } from 'operator-core';
import type { ScannedArguments } from '../../arguments/interpret.ts';
import type { Invocation } from '../../command/command.ts';
import { confirm } from '../../asking/confirm.ts';
import { formatSystem } from '../../output/plan-view.ts';
import { toPlanJson } from './plan-json.ts';

interface Asked {
  readonly invocation: Invocation;
  readonly scanned: ScannedArguments;
  /** The command line that sends it without asking. */
  readonly command: string;
}

/**
 * Returns when the plan is confirmed: by `--yes`, or by a person on a terminal. Throws `CONFIRMATION_MISSING`
 * without a terminal and `CONFIRMATION_DECLINED` when the answer is no.
 */
export async function confirmPlan(plan: Plan, { command, ...asked }: Asked): Promise<void> {
  // The confirmation of the person at the terminal is not the one that such an action needs: the gate decides.
  if (plan.requiresApproval) return;
  const question = {
    text: `Send this to ${formatSystem(plan.subject.system)}`,
    otherwise: 'Nothing was sent.',
    command,
    facts: { digest: plan.digest, plan: toPlanJson(plan) },
  };
  await confirm(question, asked);
}
