import type { StepResult } from './run-step.ts';

/** One line for a step that passed; its problems below one that failed. */
export function formatResult({ name, about, problems, milliseconds }: StepResult): string {
  const seconds = `${(milliseconds / 1_000).toFixed(1)} s`.padStart(8);
  const state = problems.length === 0 ? 'passed' : 'FAILED';
  const line = `${state}  ${name.padEnd(12)}${seconds}  ${about}`;
  return [line, ...problems.map(indent)].join('\n');
}

export function formatSummary(results: readonly StepResult[]): string {
  const failed = results.filter(({ problems }) => problems.length > 0);
  if (failed.length === 0) return `\nAll ${results.length} steps of the check passed.`;
  const names = failed.map(({ name }) => name).join(', ');
  return `\n${failed.length} of ${results.length} steps of the check failed: ${names}.`;
}

function indent(problem: string): string {
  return problem.trimEnd().replaceAll(/^/gmu, '        ');
}
