import { OperatorError } from 'operator-core';
import type { RunEvent, RunResult } from 'operator-engine';

/** All events of a run, and what it came to. */
export async function drain(
  run: AsyncGenerator<RunEvent, RunResult>,
  before: (event: RunEvent) => void | Promise<void> = () => undefined,
): Promise<{ readonly events: readonly RunEvent[]; readonly result: RunResult }> {
  const events: RunEvent[] = [];
  for await (const event of run) {
    events.push(event);
    await before(event);
  }
  const last = events.at(-1);
  if (last?.kind !== 'finished') throw new Error('the run did not finish');
  return { events, result: last.result };
}

/** What a run came to, or the error by which it told that nothing was sent. */
export async function outcomeOf(
  run: AsyncGenerator<RunEvent, RunResult>,
  before: (event: RunEvent) => void,
): Promise<{ readonly result: RunResult | null; readonly error: OperatorError | null }> {
  try {
    return { result: (await drain(run, before)).result, error: null };
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    return { result: null, error };
  }
}
