import { isAborted, pause } from '../base/signals.ts';
import { beginWatching } from './begin-watching.ts';
import { createCheckLeases } from './check-leases.ts';
import { createEndLeases } from './end-leases.ts';
import { createRecoverRuns } from './recover-runs.ts';
import { RunnerLoop } from './runner-loop.ts';
import { createStartRuns } from './start-runs.ts';
import type { WatchEvent } from './watch-event.ts';
import type { WatchParts } from './watch-parts.ts';

/** The tasks of a runner, in the order of a round. */
const TASKS = [createRecoverRuns, createCheckLeases, createEndLeases, createStartRuns] as const;

/**
 * Ends leases that are due, recovers runs of dead owners, starts approved runs, and expires runs that were not
 * started in time; until the signal aborts. Several may run at the same time.
 */
export async function* watchRuns(
  parts: WatchParts,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent, void> {
  const begun = yield* beginWatching(parts, signal);
  if (begun === null) return;
  const { ledger, session } = begun;
  const loop = new RunnerLoop({ parts, ledger, signal }, TASKS);
  try {
    const details = { runner: session.runner.id };
    loop.report('started', `Watching ${ledger.location}.`, { details });
    yield* loop.take();
    while (!isAborted(signal)) {
      await loop.next();
      yield* loop.take();
      if (!(await pause(parts.limits.watchMs, signal))) break;
    }
    await loop.idle();
    loop.report('ended', 'Stopped; unfinished work is left to other runners.');
    yield* loop.take();
  } finally {
    await loop.idle();
    // When that cannot be written, other processes count the runner as dead a little later.
    await session.leave().catch(() => undefined);
  }
}
