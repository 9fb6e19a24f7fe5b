import type { EventContent, RunEvent, Steps } from '../gate/run-event.ts';

/** Gives the events of one run its id and their time, and hands the steps' result on. */
export async function* stamped<Result>(
  runId: string,
  events: Steps<Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      yield stamp(runId, next.value);
    }
  } finally {
    // A caller that stops asking ends the steps too. Ended ones take no notice.
    await events.return(undefined as Result);
  }
}

/** An event with its run and its time. */
export function stamp(runId: string, content: EventContent<RunEvent>): RunEvent {
  return { runId, at: new Date().toISOString(), ...content };
}
