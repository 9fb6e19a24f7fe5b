import type { Plan } from 'operator-core';
import { isAborted } from '../../base/signals.ts';
import type { RequestSender } from './request-sender.ts';
import type {
  EventContent,
  IntendedEvent,
  SendingEvent,
  SentEvent,
} from '../../events/run-event.ts';

/** An event of sending. */
export type SendEvent =
  | EventContent<SendingEvent>
  | EventContent<IntendedEvent>
  | EventContent<SentEvent>;

/** The events of sending. The journal has the results of the requests. */
export type Sending = AsyncGenerator<SendEvent, void>;

const GIVEN_UP = 'its owner ended it before the request was sent';

/** Sends one request after the other; the next only when the one before was accepted. */
export async function* sendInOrder(
  plan: Plan,
  sender: RequestSender,
  signal: AbortSignal | undefined,
): Sending {
  for (const [index, request] of plan.requests.entries()) {
    if (isAborted(signal)) return;
    yield { kind: 'sending', index, request };
    // The caller may have read slowly: a cancel or stop in that time counts.
    if (isAborted(signal)) return;
    const permission = await sender.intend(index);
    if (permission.kind !== 'may_send') return;
    let isGivenUp = true;
    try {
      yield { kind: 'intended', index, request };
      isGivenUp = isAborted(signal);
    } finally {
      // The request is certainly unsent, also when the caller has stopped reading.
      if (isGivenUp) await sender.giveUp(index, GIVEN_UP);
    }
    if (isGivenUp) return;
    const result = await sender.send(index, permission.endsAt);
    yield { kind: 'sent', index, request, result };
    // The next request may need a value that was not captured.
    if (result.outcome !== 'accepted' || sender.violation !== null) return;
  }
}
