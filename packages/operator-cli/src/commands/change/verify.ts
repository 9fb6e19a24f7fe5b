import type { ActionDefinition } from 'operator-core';
import type { VerifyResult } from 'operator-engine';
import { readFlag } from '../../arguments/read-flag.ts';
import { parseDuration } from '../../arguments/parse-duration.ts';
import { ACTIONS } from '../../builders/catalogs.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { callDescribed } from '../../builders/described-call.ts';
import type { DescribedCall } from '../../builders/described-call.ts';
import { exitCodeOf } from '../../errors/exit-code.ts';
import { createProgress } from '../../output/progress.ts';
import { reportVerification } from '../report/report-run.ts';

/** See `operator verify --help`. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'Check if the effect of an action is there, without sending anything.',
  usage: 'ACTION [--PARAMETER VALUE …] [--timeout DURATION] [flags]',
  flags: [COMMAND_FLAGS.params, COMMAND_FLAGS.timeout],
  examples: [['operator actions', 'list the actions']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  return callDescribed(invocation, {
    catalog: ACTIONS,
    check: (scanned) => {
      const text = readFlag(scanned, 'timeout');
      if (text === undefined || parseDuration(text) !== null) return [];
      return ['--timeout must be a duration of at most a week, as 500ms, 90s, 5m or 1h.'];
    },
    use: async (call) => {
      const result = await watch(invocation, call);
      await reportVerification(result, { invocation, call });
      return exitCodeOf(result.error);
    },
  });
}

async function watch(
  { io, output }: Invocation,
  { subject, definition, parameters, scanned }: DescribedCall<ActionDefinition>,
): Promise<VerifyResult> {
  const timeoutMs = parseDuration(readFlag(scanned, 'timeout') ?? '0s') ?? 0;
  const progress = createProgress(output);
  const looks = subject.verify(definition.name, parameters, { signal: io.signal, timeoutMs });
  try {
    for (;;) {
      const { value, done } = await looks.next();
      if (done === true) return value;
      if (output.format === 'ndjson') output.emit('operator.verify_event/1', value);
      else if (timeoutMs > 0) progress.show(value);
    }
  } finally {
    progress.end();
  }
}
