import { OperatorError } from 'operator-core';

export { failureOf } from '../../src/ledger-suite/failure-of.ts';

/** Everything that a generator gives, and what it comes to. */
export async function drain<Event, Result>(
  events: AsyncGenerator<Event, Result>,
  onEvent: (event: Event) => unknown = () => undefined,
): Promise<{ events: Event[]; result: Result }> {
  const seen: Event[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { events: seen, result: next.value };
    seen.push(next.value);
    await onEvent(next.value);
  }
}

/** The run that an error is about. */
export function runOf({ facts }: OperatorError): string {
  const { runId } = facts;
  if (typeof runId === 'string') return runId;
  throw new Error(`It names no run: ${JSON.stringify(facts)}`);
}

/** The error that `work` throws; `null` when it throws none. */
export function thrownBy(work: () => unknown): OperatorError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (OperatorError.isInstance(error)) return error;
    throw error;
  }
}
