import type { PolicyTestReport } from 'operator-engine';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { createCliError } from '../../errors/error-codes.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import type { Look } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { reportList } from '../../output/report-list.ts';
import { formatValue } from '../../output/value.ts';

/** See `operator policy test --help`. */
export const testPolicyCommand = createEngineCommand({
  name: 'policy test',
  summary: 'Run the tests in the policy file, and name the rules that no test needs.',
  usage: '[flags]',
  examples: [['operator policy test', 'run this before you install a new policy']],
  use: test,
});

async function test({ engine, invocation }: EngineCall): Promise<number> {
  const { output } = invocation;
  const { runPolicyTests } = await import('operator-engine');
  const policy = engine.loadPolicy();
  if (policy.kind === 'built_in') {
    throw createCliError('POLICY_NOT_CONFIGURED', {
      message: `${engine.configPath} names no policy, so there are no rules to test.`,
      remedy: 'Name a file with `policy:` in the configuration.',
    });
  }
  const report = runPolicyTests(policy);
  reportList(output, {
    all: { format: 'operator.policy_tests/1', content: { ...report } },
    each: 'operator.policy_test/1',
    rows: report.results,
    lines: () => formatReport(report, output.data),
  });
  return report.passed ? EXIT_CODES.done : EXIT_CODES.failed;
}

function formatReport(
  { results, untested, path }: PolicyTestReport,
  look: Look,
): readonly string[] {
  const { style } = look;
  const file = printableLine(path);
  const lines = results.flatMap((result) => {
    const word = result.passed ? style.green('passed') : style.red('failed');
    const told = result.differences.map(
      ({ of, expected, actual }) =>
        `          ${of}: expected ${formatValue(expected)}, is ${formatValue(actual)}`,
    );
    const error = result.error === null ? [] : [`          ${printableLine(result.error)}`];
    return [`${word}  ${printableLine(result.name)} (${file}:${result.line})`, ...told, ...error];
  });
  const open = untested.map(({ id, line }) => `! no test needs rule ${id} (${file}:${line})`);
  const failed = results.filter(({ passed }) => !passed).length;
  const end =
    results.length === 0
      ? `${file} has no test, so nothing proves that it works as intended.`
      : `${results.length} tests: ${results.length - failed} passed, ${failed} failed.`;
  return [...lines, ...open, '', end];
}
