import { nearestNames } from 'operator-core';
import type { Mode } from 'operator-engine';
import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { didYouMean } from '../../arguments/check-arguments.ts';
import { helpOf } from '../../command/parse-arguments.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import { interpret } from '../../arguments/interpret.ts';
import type { Invocation } from '../../command/command.ts';
import { createGroup } from '../../builders/command-group.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { createUsageError } from '../../errors/error-codes.ts';
import { formatNext } from '../../command/format-next.ts';
import { noteNewLedger } from '../../command/require-ledger.ts';
import { reportMode } from '../report/report-mode.ts';
import type { Suggestion } from '../../errors/suggestion.ts';

const showModeCommand = createEngineCommand({
  name: 'mode',
  summary: 'Show the mode and the kill switch.',
  usage: '[flags]',
  examples: [['operator mode', 'show both']],
  needsLedger: true,
  use: async ({ engine, invocation }) => reportMode(await engine.mode.get(), invocation),
});

const setModeCommand = createEngineCommand({
  name: 'mode set',
  summary: 'Set the mode: observe, guarded or autonomous. Applies to every process immediately.',
  usage: 'MODE --reason TEXT [flags]',
  flags: [REASON],
  examples: [["operator mode set guarded --reason 'release week'", 'everything needs an approval']],
  operand: { missing: 'Name the mode: observe, guarded or autonomous.' },
  check: requireReason,
  use: set,
});

/** See `operator mode --help`. */
export const modeCommand = createGroup({
  name: 'mode',
  summary: 'Show or set the mode: observe, guarded or autonomous.',
  plain: showModeCommand,
  commands: [setModeCommand],
  suggest: suggestMode,
});

/** `operator mode guarded` leaves out `set` and the reason. */
async function suggestMode(word: string, invocation: Invocation): Promise<readonly Suggestion[]> {
  const { MODES } = await import('operator-engine');
  const [mode] = MODES.includes(word as Mode) ? [word] : nearestNames(word, MODES);
  if (mode === undefined) return [];
  const reason = readFlag(interpret(invocation.tokens, [REASON]), 'reason') ?? 'WHY';
  const command = formatNext(invocation, ['mode', 'set', mode, '--reason', reason]);
  return [{ command, purpose: 'sets the mode for every process' }];
}

async function set({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { MODES } = await import('operator-engine');
  const mode: Mode | undefined = MODES.find((known) => known === operand);
  if (mode === undefined) {
    const hint = didYouMean(operand, MODES) || `; there are ${MODES.join(', ')}.`;
    const problem = `There is no mode ${JSON.stringify(operand.slice(0, 60))}${hint}`;
    throw createUsageError([problem], helpOf(invocation));
  }
  await noteNewLedger(engine, invocation);
  return reportMode(await engine.mode.set(mode, { reason: readReason(scanned) }), invocation);
}
