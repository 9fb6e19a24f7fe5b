import type { Plan, SendResult } from 'operator-core';
import type { RequestSender } from './request-sender.ts';
import type { EventContent, SendingEvent, SentEvent } from './run-event.ts';
import { isAborted } from '../is-aborted.ts';

/** The events of sending, and what became of each request in the end: `null` for one never begun. */
export type Sending = AsyncGenerator<
  EventContent<SendingEvent> | EventContent<SentEvent>,
  readonly (SendResult | null)[]
>;

/** Sends one request after the other; the next only when the one before was accepted. */
export async function* sendInOrder(
  plan: Plan,
  sender: RequestSender,
  signal: AbortSignal | undefined,
): Sending {
  const results: (SendResult | null)[] = plan.requests.map(() => null);
  for (const [index, request] of plan.requests.entries()) {
    if (isAborted(signal)) break;
    yield { kind: 'sending', index, request };
    // The caller may have taken its time: what it said meanwhile counts.
    if (isAborted(signal)) break;
    const result = await sender.send(request);
    results[index] = result;
    yield { kind: 'sent', index, request, result };
    if (result.outcome !== 'accepted') break;
  }
  return results;
}
