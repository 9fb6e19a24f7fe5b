import type { Clock } from '../clock/clock.ts';
import type { EventContent, RunEvent, Steps } from './run-event.ts';

/** Run that events are about, and the clock that dates them. */
export interface EventSource {
  readonly id: string;
  readonly clock: Clock;
}

/** Gives the events of one run its id and their time, and hands the steps' result on. */
export async function* toRunEvents<Result>(
  run: EventSource,
  events: Steps<Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      yield toRunEvent(run, next.value);
    }
  } finally {
    // A caller that stops asking ends the steps too. Ended ones take no notice.
    await events.return(undefined as Result);
  }
}

/** An event with its run and its time. */
export function toRunEvent({ id, clock }: EventSource, content: EventContent<RunEvent>): RunEvent {
  return { runId: id, at: clock.iso(), ...content };
}
