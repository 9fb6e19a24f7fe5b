import { existsSync } from 'node:fs';
import type { Engine } from 'operator-engine';
import { createCliError } from './error-codes.ts';

/** Tells whether there is a ledger already: looking must not make one. */
export function ledgerExists({ ledgerPath }: Engine): boolean {
  return existsSync(ledgerPath);
}

/** Throws `LEDGER_NOT_FOUND` where nothing was ever run: mostly it is another folder that is meant. */
export function requireLedger(engine: Engine): void {
  if (ledgerExists(engine)) return;
  const { configPath: config, ledgerPath: ledger } = engine;
  const subjects = engine.subjects().map(({ name }) => name);
  throw createCliError('LEDGER_NOT_FOUND', {
    message: `There is no ledger ${ledger}: nothing was ever run with ${config} (subjects: ${subjects.join(', ')}). Nothing was done.`,
    remedy:
      'If you mean another configuration, name it with --config, or type the command in its folder. The first run makes a ledger.',
    facts: { config, ledger, subjects },
  });
}
