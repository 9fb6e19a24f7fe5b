import type { RunEvent, RunResult } from 'operator-engine';
import { createProgress } from '../../output/progress.ts';
import type { Output } from '../../output/output.ts';

/** Goes through the events of a run to its result: shown to people, or written as documents. */
export async function followEvents(
  events: AsyncGenerator<RunEvent, RunResult>,
  output: Output,
): Promise<RunResult> {
  const progress = createProgress(output);
  try {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) return value;
      if (value.kind === 'finished') continue;
      if (output.format === 'ndjson') output.emit('operator.run_event/1', value);
      else progress.show(value);
    }
  } finally {
    progress.end();
  }
}
