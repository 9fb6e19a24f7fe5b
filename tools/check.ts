import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { formatResult, formatSummary } from './src/report.ts';
import { runStep } from './src/run-step.ts';
import type { StepResult } from './src/run-step.ts';
import { STEPS } from './src/steps.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { report: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});

const names = STEPS.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));

if (values.help === true || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no step ${unknown.join(', ')}.`);
  console.error('pnpm check [STEP…] [--report FILE]\n\nSteps:');
  for (const { name, about } of STEPS) console.error(`  ${name.padEnd(12)} ${about}`);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const results = await runSteps();
  console.log(formatSummary(results));
  if (values.report !== undefined) await writeFile(values.report, JSON.stringify(results, null, 2));
  process.exitCode = results.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function runSteps(): Promise<readonly StepResult[]> {
  const chosen = STEPS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const results: StepResult[] = [];
  for (const step of chosen) {
    const result = await runStep(step);
    console.log(formatResult(result));
    results.push(result);
  }
  return results;
}
