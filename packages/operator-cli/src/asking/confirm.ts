import type { JsonObject } from 'operator-core';
import { readFlag, readSwitch } from '../arguments/read-flag.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';
import type { Invocation } from '../command/command.ts';
import { createCliError } from '../errors/error-codes.ts';
import { canAsk, openPrompter } from './prompt.ts';

/** A question to the person at the terminal before a command changes something. */
export interface Question {
  /** Ends before the question mark: `Send this to etcd 123`. */
  readonly text: string;
  /** The command line that does the same without asking. */
  readonly command: string;
  /** Consequence of a no: `Nothing was sent.` */
  readonly otherwise: string;
  /** Facts with which a program can show the question to a person. */
  readonly facts: JsonObject;
}

/**
 * Returns when it is confirmed: by `--yes`, or by a person on a terminal. Throws `CONFIRMATION_MISSING`
 * without a terminal and `CONFIRMATION_DECLINED` when the answer is no.
 */
export async function confirm(
  question: Question,
  { invocation, scanned }: { invocation: Invocation; scanned: ScannedArguments },
): Promise<void> {
  if (isConfirmed(scanned)) return;
  const { text, command, facts, otherwise } = question;
  const isStdinTaken = readFlag(scanned, 'params') === '-';
  if (!canAsk(invocation) || isStdinTaken) {
    throw createCliError('CONFIRMATION_MISSING', {
      message: `This needs a confirmation, and there is no terminal to ask for it. ${otherwise}`,
      remedy: `Check the output above. To confirm, run: ${command}`,
      facts,
    });
  }
  const { style } = invocation.output.notes;
  const prompter = await openPrompter(invocation, { isFresh: true });
  const answer = await prompter
    .ask(`${text}? ${style.bold('yes')} or no: `)
    .finally(() => prompter.close());
  if (/^\s*(?:y|yes)\s*$/iu.test(answer ?? '')) return;
  throw createCliError('CONFIRMATION_DECLINED', {
    message: `You did not confirm it. ${otherwise}`,
    remedy: 'Run the command again to do it.',
    facts,
  });
}

/** True when the command line has confirmed it already, so that no question is asked. */
export function isConfirmed(scanned: ScannedArguments): boolean {
  return readSwitch(scanned, 'yes') === true;
}
