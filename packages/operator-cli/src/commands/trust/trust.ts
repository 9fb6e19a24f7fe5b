import { resolve } from 'node:path';
import { OperatorError } from 'operator-core';
import { freePositionals } from '../../arguments/check-arguments.ts';
import { parseSimpleArguments } from '../../command/parse-arguments.ts';
import { readSwitch } from '../../arguments/read-flag.ts';
import { helpOf } from '../../command/parse-arguments.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { createUsageError } from '../../errors/error-codes.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { showHelp } from '../../command/help.ts';
import { printableLine } from '../../output/printable.ts';
import { withEngine } from '../../command/with-engine.ts';

/** See `operator trust --help`. */
export const trustCommand: Command = {
  name: 'trust',
  summary:
    'Trust a file or a folder that another user owns or can write, with everything below it.',
  usage: '[PATH] [--remove] [flags]',
  details: [
    'Configuration, policy and plugins determine the code that runs under your account. By default only files that you or root can write are used. Trust PATH only if you trust all users who can write there. Without PATH the command lists the trusted paths.',
    'The list belongs to you alone: `operator/trusted-paths.json` in XDG_CONFIG_HOME, or in ~/.config.',
  ],
  flags: [{ name: 'remove', description: 'Stop trusting PATH.' }],
  examples: [['operator trust', 'list the trusted paths']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  const scanned = parseSimpleArguments(invocation, 1);
  if (scanned.flags.has('help')) return showHelp(invocation);
  const [given] = freePositionals(scanned);
  const isRemoval = readSwitch(scanned, 'remove') === true;
  if (given !== undefined) return change(resolve(invocation.io.cwd, given), isRemoval, invocation);
  if (isRemoval) throw createUsageError(['Name the path to remove.'], helpOf(invocation));
  const { readTrustedPaths } = await import('operator-engine');
  return report({ path: null, paths: readTrustedPaths(invocation.io.env) }, invocation);
}

async function change(path: string, isRemoval: boolean, invocation: Invocation): Promise<number> {
  const { env } = invocation.io;
  const { distrustPath, trustPath } = await import('operator-engine');
  const paths = isRemoval ? distrustPath(env, path) : trustPath(env, path).all;
  await record({ path, isTrusted: !isRemoval }, invocation);
  return report({ path, paths, done: isRemoval ? 'No longer trusted' : 'Trusted' }, invocation);
}

/** Writes it into the audit, where there is a ledger for this folder. */
async function record(
  made: { path: string; isTrusted: boolean },
  invocation: Invocation,
): Promise<void> {
  try {
    await withEngine(invocation, async (engine) => {
      if (!(await engine.hasLedger())) return;
      const { audit } = await engine.openLedger();
      await audit.recordTrust({ ...made, actor: engine.requireActor() });
    });
  } catch (error) {
    // A configuration that is missing, or still not trusted, names no ledger.
    if (!OperatorError.isInstance(error) || error.kind !== 'config') throw error;
  }
}

function report(
  told: { path: string | null; paths: readonly string[]; done?: string },
  { output }: Invocation,
): number {
  const { path, paths, done } = told;
  if (output.format !== 'text') output.emit('operator.trust/1', { path, paths });
  else if (done !== undefined) output.print([`${done}: ${printableLine(path ?? '')}`]);
  else if (paths.length === 0)
    output.print(['No other paths than those that only you or root can write.']);
  else output.print(paths.map((one) => printableLine(one)));
  return EXIT_CODES.done;
}
