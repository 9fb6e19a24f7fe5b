import { OperatorError } from 'operator-core';
import type { PlanningResult } from 'operator-engine';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatJsonFacts } from '../../output/error-view.ts';
import type { Output } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';

type Refused = Extract<PlanningResult, { kind: 'refused' }>;
type NothingToDo = Extract<PlanningResult, { kind: 'nothing_to_do' }>;

/** A refusal as an error: with its code, facts and remedy, and the exit code of a refusal. */
export function refusalError({ refusal }: Refused): OperatorError {
  const { code, message, facts, remedy } = refusal;
  return new OperatorError({ code, kind: 'refused', message, facts, remedy });
}

/** Reports that the requested state exists already. That is an answer, not an error. */
export function reportNothingToDo(result: NothingToDo, output: Output): number {
  const { subject, action, parameters, summary, facts } = result;
  if (output.format === 'text') {
    const { style } = output.data;
    output.print([
      `${style.green(style.bold('Nothing to do:'))} ${printableLine(summary)}`,
      ...formatJsonFacts(facts).map((line) => `  ${line}`),
    ]);
  } else {
    const state = 'nothing_to_do';
    output.emit('operator.nothing_to_do/1', {
      subject,
      action,
      parameters,
      state,
      summary,
      facts,
    });
  }
  return EXIT_CODES.done;
}
