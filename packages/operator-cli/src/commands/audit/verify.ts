import type { AnchorReport, AuditVerification } from 'operator-engine';
import { readTexts } from '../../arguments/common-flags.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import type { Look } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { formatUnit } from '../../output/units.ts';
import { readNamedFile } from '../change/plan-file.ts';

/** See `operator audit verify --help`. */
export const verifyAuditCommand = createEngineCommand({
  name: 'audit verify',
  summary: 'Verify the whole audit: find entries that were changed, removed, moved or inserted.',
  usage: '[--anchor LINE] [--anchors FILE] [flags]',
  details: [
    'Without an anchor kept elsewhere, a cut-off end or a rewritten audit cannot be detected: see `operator audit anchor --help`.',
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
  examples: [['operator audit verify', 'check every entry']],
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
  if (output.format === 'text') output.print(format(found, output.data));
  else output.emit('operator.audit_verification/1', found);
  return exitCodeOf(found, { isAsked: file !== undefined || anchors.length > 0 });
}

/** Anchors prove nothing when none of them could be compared, nor does a file without one. */
function exitCodeOf(
  { isIntact, anchors }: AuditVerification,
  { isAsked }: { isAsked: boolean },
): number {
  if (!isIntact) return EXIT_CODES.failed;
  return isAsked && anchors.compared === 0 ? EXIT_CODES.unverified : EXIT_CODES.done;
}

function format(found: AuditVerification, { style }: Look): readonly string[] {
  const { entries, first, last, chains, fault, anchors } = found;
  if (fault !== null) {
    const what = `Not intact at entry ${fault.place} of ${fault.chain === 'root' ? 'the root chain' : `the chain of ${fault.chain}`}: ${fault.found}`;
    return [style.red(style.bold(printableLine(what))), printableLine(fault.message)];
  }
  const number = formatUnit(chains.length, 'count');
  const inChains = chains.length === 1 ? 'in one chain' : `in ${number} chains`;
  const range = `${formatUnit(entries, 'count')} entries, ${first} to ${last}, ${inChains}`;
  const skipped = anchors.skipped.map(
    ({ anchor, because }) =>
      `${style.yellow('!')} ${WHY_SKIPPED[because]}: ${printableLine(anchor)}`,
  );
  return [
    `${style.green(style.bold('Intact:'))} ${range}. ${describeAnchors(anchors)}`,
    ...skipped,
  ];
}

function describeAnchors({ given, compared }: AnchorReport): string {
  if (given === 0)
    return 'No anchor was given, so a removed end of the audit would not be detected.';
  const word = given === 1 ? 'anchor' : 'anchors';
  if (compared === given) return `Compared with ${given} ${word}.`;
  if (compared > 0) return `Compared with ${compared} of ${given} ${word}.`;
  return `NONE of ${given} ${word} could be compared, so a removed end of the audit would not be detected.`;
}

const WHY_SKIPPED: Readonly<Record<AnchorReport['skipped'][number]['because'], string>> = {
  pruned: 'Not compared, its entry was pruned since',
  other_ledger: 'Not compared, it is of another ledger',
};
