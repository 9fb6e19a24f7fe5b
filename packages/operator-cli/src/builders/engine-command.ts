import { OperatorError } from 'operator-core';
import type { Engine } from 'operator-engine';
import { freePositionals } from '../arguments/check-arguments.ts';
import { requireLedger } from '../command/require-ledger.ts';
import { helpOf, parseArguments } from '../command/parse-arguments.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';
import type { Command, Invocation } from '../command/command.ts';
import { createUsageError } from '../errors/error-codes.ts';
import { showHelp } from '../command/help.ts';
import { suggestAsking } from '../suggest/corrected-call.ts';
import { suggestRuns } from '../suggest/meant-run.ts';
import { toRemedy } from '../errors/suggestion.ts';
import { withEngine } from '../command/with-engine.ts';

/** A command that reads or changes the engine's records, without naming an action. */
export interface EngineCommandSpec extends Omit<Command, 'execute' | 'flags'> {
  readonly flags?: Command['flags'];
  /** Operand after the name. Default: none allowed. */
  readonly operand?: Operand;
  /** `true` for a command that needs a ledger: without one it fails instead of creating one. */
  readonly needsLedger?: boolean;
  /** Further problems of the flags, as sentences. */
  readonly check?: (scanned: ScannedArguments) => readonly string[] | Promise<readonly string[]>;
  readonly use: (call: EngineCall) => Promise<number>;
}

/** The one argument of a command that is no flag. */
export interface Operand {
  /** Message when it is missing. */
  readonly missing: string;
}

/** A command with its arguments read and the engine open. */
export interface EngineCall {
  readonly invocation: Invocation;
  readonly engine: Engine;
  readonly scanned: ScannedArguments;
  /** The {@link Operand}; empty when there is none. */
  readonly operand: string;
}

/** The run that a command is about. */
export const RUN_OPERAND: Operand = {
  missing: 'Name the run by its id: `operator runs` lists them.',
};

/** A text that is not a run's id may be the beginning of one, or name the run in another way. */
async function useRun(call: EngineCall, use: EngineCommandSpec['use']): Promise<number> {
  try {
    return await use(call);
  } catch (error) {
    if (!OperatorError.isInstance(error) || !NOT_FOUND.includes(error.code)) throw error;
    const { engine, invocation, operand } = call;
    const suggestions = await suggestRuns(engine, invocation, operand);
    if (suggestions.length === 0) throw error;
    const { code, kind, message } = error;
    const facts = { ...error.facts, suggestions: suggestions.map((one) => ({ ...one })) };
    throw new OperatorError({ code, kind, message, facts, remedy: toRemedy(suggestions) });
  }
}

const NOT_FOUND: readonly string[] = ['RUN_NOT_FOUND', 'LEASE_NOT_FOUND'];

/** A command that reads its arguments, shows help on request, and opens the engine. */
export function createEngineCommand(spec: EngineCommandSpec): Command {
  const { flags = [], operand, needsLedger = false, check, use, ...shown } = spec;
  return {
    ...shown,
    flags,
    execute: async (invocation) => {
      const positionals = operand === undefined ? 0 : 1;
      const { scanned, problems } = parseArguments(invocation, { positionals });
      if (scanned.flags.has('help') && problems.length === 0) return showHelp(invocation);
      const [given = ''] = freePositionals(scanned);
      const missing = given === '' && operand !== undefined ? [operand.missing] : [];
      const all = [...problems, ...missing, ...((await check?.(scanned)) ?? [])];
      if (all.length > 0) {
        throw createUsageError(all, helpOf(invocation), suggestAsking(invocation, scanned));
      }
      return withEngine(invocation, async (engine) => {
        if (needsLedger) await requireLedger(engine);
        const call = { invocation, engine, scanned, operand: given };
        return operand === RUN_OPERAND ? useRun(call, use) : use(call);
      });
    },
  };
}
