import type { LedgerReport } from 'operator-engine';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import type { Look } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { formatPairs } from '../../output/table.ts';
import { describeClock } from '../../output/clock-view.ts';
import { formatUnit } from '../../output/units.ts';

/** See `operator ledger check --help`. */
export const checkLedgerCommand = createEngineCommand({
  name: 'ledger check',
  summary: 'Check the whole ledger and its audit for damage and edits.',
  usage: '[flags]',
  examples: [['operator ledger check', 'check everything']],
  needsLedger: true,
  use: check,
});

async function check({ engine, invocation }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const ledger = await engine.openLedger();
  const report = await ledger.maintenance.check({ signal: io.signal });
  const { location } = ledger;
  if (output.format !== 'text') {
    output.emit('operator.ledger_check/1', { location, ...report });
  } else {
    output.print(formatReport(report, location, output.data));
  }
  return report.isSound ? EXIT_CODES.done : EXIT_CODES.failed;
}

function formatReport(report: LedgerReport, location: string, { style }: Look): readonly string[] {
  const { isSound, problems, runs, bytes, schema, audit, clock } = report;
  return [
    isSound ? style.green(style.bold('Sound')) : style.red(style.bold('Damaged')),
    ...formatPairs([
      ['Ledger', printableLine(location)],
      ['Size', formatUnit(bytes, 'bytes')],
      ['Runs', formatUnit(runs, 'count')],
      ['Audit', `${formatUnit(audit.entries, 'count')} entries, ${audit.first} to ${audit.last}`],
      ['Shape', `version ${schema}`],
      ['Clock', describeClock(clock)],
    ]),
    ...problems.map((problem) => `${style.red('!')} ${printableLine(problem)}`),
  ];
}
