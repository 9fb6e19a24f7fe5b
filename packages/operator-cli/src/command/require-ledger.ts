import { advise } from 'operator-core';
import type { Engine } from 'operator-engine';
import type { Invocation } from './command.ts';
import { CHOOSE_CONFIG, createCliError } from '../errors/error-codes.ts';
import { printableLine } from '../output/printable.ts';

/**
 * Throws `LEDGER_MISSING` when a ledger has disappeared, and `LEDGER_NOT_FOUND` when there was never one:
 * mostly the user means another folder.
 */
export async function requireLedger(engine: Engine): Promise<void> {
  if (await engine.hasLedger()) return;
  await engine.loss.requireNone();
  const { config, ledger, subjects } = await engine.describePlace();
  throw createCliError('LEDGER_NOT_FOUND', {
    message: `There is no ledger ${ledger}: no run was ever recorded for ${config} (subjects: ${subjects.join(', ')}). Nothing was done.`,
    remedy: advise`For another configuration, name it with ${CHOOSE_CONFIG}, or run the command in its folder. The first run creates the ledger.`,
    facts: { config, ledger, subjects },
  });
}

/** Notes that a command creates the first ledger, and for what: the user may mean another folder. */
export async function noteNewLedger(
  engine: Engine,
  { output }: Pick<Invocation, 'output'>,
): Promise<void> {
  if ((await engine.hasLedger()) || (await engine.loss.find()) !== null) return;
  const { config, ledger, subjects } = await engine.describePlace();
  const line = `There was no ledger: ${ledger} is made for ${config} (subjects: ${subjects.join(', ')}).`;
  output.note([printableLine(line)]);
}
