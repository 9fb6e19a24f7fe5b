import { freePositionals } from '../arguments/check-arguments.ts';
import { formatWords } from '../arguments/format-command.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';
import type { Invocation } from '../command/command.ts';
import type { Described } from '../arguments/described.ts';
import { suggest } from './meant-call.ts';
import type { Suggestion } from '../errors/suggestion.ts';

/** Flags of other tools that ask for nothing to be sent. */
const DRY_RUN = ['--dry-run', '--dryrun', '--dry', '--noop', '--simulate', '--what-if', '-n'];

/** The call on an action or observation with loose arguments in their places, or as a plan. */
export function suggestCorrected(
  invocation: Invocation,
  described: Described,
  scanned: ScannedArguments,
): readonly Suggestion[] {
  const { name } = invocation.command;
  if (name === 'run' && scanned.unknown.some(({ typed }) => DRY_RUN.includes(typed))) {
    const purpose = 'shows the plan and sends nothing';
    return suggest(described, withoutDryRun(invocation), { command: 'plan', purpose });
  }
  // A flag that does not exist does not show if the next argument is its value.
  if (scanned.unknown.length > 0 || freePositionals(scanned).length < 2) return [];
  const purposes: Readonly<Record<string, string>> = {
    run: 'asks, sends and proves it',
    plan: 'shows the plan and sends nothing',
    verify: 'looks for the effect',
    observe: 'reads it',
  };
  const purpose = purposes[name];
  return purpose === undefined ? [] : suggest(described, invocation, { command: name, purpose });
}

/** A command that asks before it sends, without the flag that asks for nothing to be sent. */
export function suggestAsking(
  invocation: Invocation,
  scanned: ScannedArguments,
): readonly Suggestion[] {
  const { name, flags } = invocation.command;
  const asks = flags.some((flag) => flag.name === 'yes');
  if (!asks || !scanned.unknown.some(({ typed }) => DRY_RUN.includes(typed))) return [];
  const kept = withoutDryRun(invocation)
    .tokens.map(({ text }) => text)
    .filter((text) => text !== '--yes' && text !== '-y');
  const command = formatWords([...name.split(' '), ...kept]);
  return [{ command, purpose: 'shows the plan and asks before it sends' }];
}

function withoutDryRun(invocation: Invocation): Invocation {
  const tokens = invocation.tokens.filter(({ text }) => !DRY_RUN.includes(text));
  return { ...invocation, tokens };
}
