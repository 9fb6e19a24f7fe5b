import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import { reportMode } from '../report/report-mode.ts';

/** See `operator resume --help`. */
export const resumeCommand = createEngineCommand({
  name: 'resume',
  summary: 'Lift the kill switch.',
  usage: '--reason TEXT [flags]',
  flags: [REASON],
  examples: [["operator resume --reason 'it was the graphs'", 'let runs start again']],
  check: requireReason,
  needsLedger: true,
  use: async ({ engine, invocation, scanned }) =>
    reportMode(await engine.mode.resume({ reason: readReason(scanned) }), invocation),
});
