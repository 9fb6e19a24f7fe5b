import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatExplanation } from '../../output/explanation-view.ts';
import { readNamedFile } from '../change/plan-file.ts';

/** See `operator policy explain --help`. */
export const explainPolicyCommand = createEngineCommand({
  name: 'policy explain',
  summary: 'Explain the decision of the policy about the plan in a file: rules and reasons.',
  usage: 'PLAN [flags]',
  examples: [['operator policy explain plan.json', 'the decision about this plan, rule by rule']],
  operand: { missing: 'Name the file: `operator plan ACTION … --out plan.json` writes one.' },
  use: explainPlan,
});

async function explainPlan({ engine, invocation, operand }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const { explain, parsePlanDocument } = await import('operator-engine');
  const plan = parsePlanDocument(readNamedFile({ cwd: io.cwd, file: operand }));
  const policy = engine.loadPolicy();
  // The command creates no ledger only to read it: a new one is autonomous, and not stopped.
  const { mode, stop } = (await engine.hasLedger())
    ? await engine.mode.get()
    : ({ mode: 'autonomous', stop: null } as const);
  const requester = engine.requireActor();
  const explanation = explain({
    plan,
    requester,
    purpose: 'change',
    mode,
    policy,
    now: engine.clock.now(),
  });
  if (output.format !== 'text') {
    output.emit('operator.policy_explanation/1', { requester, ...explanation });
  } else {
    output.print(formatExplanation(explanation, output.data));
    if (stop !== null) output.note(['', 'Regardless of the policy: everything is stopped now.']);
  }
  return EXIT_CODES.done;
}
