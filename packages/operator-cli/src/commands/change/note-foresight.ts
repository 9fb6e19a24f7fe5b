import { OperatorError } from 'operator-core';
import type { Plan } from 'operator-core';
import type { Foresight, GatedSubject, RunRecord } from 'operator-engine';
import type { Invocation } from '../../command/command.ts';
import { describeLeft } from '../../output/ledger-words.ts';
import { printableLine } from '../../output/printable.ts';

/**
 * Notes on stderr the answer of policy, locks and limits to a plan now, so that a refusal is known before the
 * confirmation. Writes nothing when the plan could start at once.
 */
export async function noteForesight(
  plan: Plan,
  subject: GatedSubject,
  { io, output }: Pick<Invocation, 'io' | 'output'>,
): Promise<void> {
  const lines = await readForesight(plan, subject, io.signal);
  if (lines.length > 0) output.note([...lines.map((line) => printableLine(line)), '']);
}

async function readForesight(
  plan: Plan,
  subject: GatedSubject,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return describe(await subject.foresee(plan, { signal }));
  } catch (error) {
    if (!OperatorError.isInstance(error) || error.kind === 'interrupted') throw error;
    return [`! Policy, locks and limits could not be checked: ${error.message}`];
  }
}

function describe({ decision, reason, waiting }: Foresight): readonly string[] {
  const why = decision.reasons.join(' ');
  const { count = 1, from = null } = decision.approval ?? {};
  const people = `${count} ${count === 1 ? 'person' : 'people'}${from === null ? '' : ` of ${from.join(', ')}`}`;
  const verdicts = {
    allow: [],
    needs_approval: [`! It needs the approval of ${people}: ${why}`],
    deny: [`! Policy denies it now: ${why}`],
  };
  const obstacle = reason === null ? [] : [`! It could not start now: ${reason}.`];
  return [...verdicts[decision.kind], ...obstacle, ...waiting.map(describeWaiting)];
}

function describeWaiting(run: RunRecord): string {
  return `! Run ${run.id} of ${run.requester.name} would change the same (${run.summary}) and has not started. ${describeLeft(run)}`;
}
