import type { ActionDefinition, Plan } from 'operator-core';
import { readFlag, readSwitch } from './arguments/parse-arguments.ts';
import type { Invocation } from './command.ts';
import type { DescribedCall } from './described-call.ts';
import { createCliError } from './error-codes.ts';
import { formatSystem } from './output/plan-view.ts';
import { canAsk, openPrompter } from './prompt.ts';
import { typedCommand } from './typed-command.ts';

interface Asked {
  readonly invocation: Invocation;
  readonly call: DescribedCall<ActionDefinition>;
}

/**
 * Returns when the plan is wanted: by `--yes`, or by a person on a terminal. Throws
 * `CONFIRMATION_MISSING` when nobody can be asked and `CONFIRMATION_DECLINED` when the answer is no.
 */
export async function confirmPlan(plan: Plan, { invocation, call }: Asked): Promise<void> {
  // The consent of whoever types the command is not the one that such an action needs: the gate decides.
  if (readSwitch(call.scanned, 'yes') === true || plan.requiresApproval) return;
  const isStdinTaken = readFlag(call.scanned, 'params') === '-';
  if (!canAsk(invocation) || isStdinTaken) throw missing(plan, { invocation, call });
  const { style } = invocation.output.notes;
  const prompter = await openPrompter(invocation);
  const question = `Send this to ${formatSystem(plan.subject.system)}? ${style.bold('yes')} or no: `;
  const answer = await prompter.ask(question).finally(() => prompter.close());
  if (/^\s*(?:y|yes)\s*$/iu.test(answer ?? '')) return;
  throw createCliError('CONFIRMATION_DECLINED', {
    message: 'The plan was not confirmed. Nothing was sent.',
    remedy: 'Run the command again when you want it.',
    facts: { digest: plan.digest },
  });
}

function missing(plan: Plan, { invocation, call }: Asked): Error {
  const command = typedCommand(invocation, call, { command: 'run', rest: ['--yes'] });
  return createCliError('CONFIRMATION_MISSING', {
    message:
      'Nobody can be asked whether the plan is wanted: this is not a terminal. Nothing was sent.',
    remedy: `Read the plan. If you want it, run: ${command}`,
    // The plan itself, so that a program can show it to somebody.
    facts: { digest: plan.digest, plan: { ...plan } as never },
  });
}
