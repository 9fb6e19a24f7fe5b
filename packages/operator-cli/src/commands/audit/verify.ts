import type { AuditVerification } from 'operator-engine';
import { readTexts } from '../../arguments/common-flags.ts';
import { readFlag } from '../../arguments/parse-arguments.ts';
import { createEngineCommand } from '../../engine-command.ts';
import type { EngineCall } from '../../engine-command.ts';
import { EXIT_CODES } from '../../exit-code.ts';
import type { Look } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { formatUnit } from '../../output/units.ts';
import { readNamedFile } from '../../plan-file.ts';

/** See `operator audit verify --help`. */
export const verifyAuditCommand = createEngineCommand({
  name: 'audit verify',
  summary: 'Read the whole audit again: was an entry changed, removed, moved or put in?',
  usage: '[--anchor LINE] [--anchors FILE] [flags]',
  details: [
    'Without an anchor that was kept elsewhere nobody can tell whether the end was cut off, or everything made anew: see `operator audit anchor --help`.',
  ],
  flags: [
    {
      name: 'anchor',
      value: 'LINE',
      isRepeatable: true,
      description: 'A line of `operator audit anchor` that was kept elsewhere.',
    },
    { name: 'anchors', value: 'FILE', description: 'A file of such lines.' },
  ],
  examples: [['operator audit verify', 'is it what was written?']],
  needsLedger: true,
  use: verify,
});

async function verify({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const file = readFlag(scanned, 'anchors');
  const kept = file === undefined ? '' : readNamedFile({ cwd: io.cwd, file });
  const lines = kept.split('\n').map((line) => line.trim());
  const anchors = [...readTexts(scanned, 'anchor'), ...lines.filter((line) => line !== '')];
  const { audit } = await engine.openLedger();
  const found = await audit.verify({ anchors, signal: io.signal });
  if (output.format === 'text') output.print(format(found, anchors.length, output.data));
  else output.emit({ format: 'operator.audit_verification/1', ...found, anchors: anchors.length });
  return found.isIntact ? EXIT_CODES.done : EXIT_CODES.failed;
}

function format(found: AuditVerification, anchors: number, { style }: Look): readonly string[] {
  const { entries, first, last, fault } = found;
  if (fault !== null) {
    const what = `Not intact at entry ${fault.sequence}: ${fault.found}`;
    return [style.red(style.bold(what)), printableLine(fault.message)];
  }
  const range = `${formatUnit(entries, 'count')} entries, ${first} to ${last}`;
  const held =
    anchors === 0
      ? 'No anchor was given, so an end that was cut off would not show.'
      : `Held against ${anchors} ${anchors === 1 ? 'anchor' : 'anchors'}.`;
  return [`${style.green(style.bold('Intact:'))} ${range}. ${held}`];
}
