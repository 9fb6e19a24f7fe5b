import type { Actor, RunRecord } from 'operator-engine';
import { printableLine } from './printable.ts';
import { wallNow } from '../process/wall-clock.ts';
import { formatDuration, formatUnit } from './units.ts';

/** Name of an actor for people: a person by the name alone; with the person for whom it acts. */
export function formatActor({ kind, name, onBehalfOf }: Actor): string {
  const own = kind === 'person' ? name : `${name} (${kind})`;
  return printableLine(onBehalfOf === undefined ? own : `${own} for ${onBehalfOf}`);
}

/** An instant for people; `null` is shown as the words given. */
export function formatInstant(time: string | null, missing = '–'): string {
  return time === null ? missing : formatUnit(time, 'time');
}

/** Distance to an instant: `in 5 min`, `3 s ago`. */
export function formatDistance(time: string, now: number = wallNow()): string {
  const milliseconds = Date.parse(time) - now;
  const whole = Math.round(Math.abs(milliseconds) / 1000) * 1000;
  if (whole === 0) return 'now';
  return milliseconds > 0 ? `in ${formatDuration(whole)}` : `${formatDuration(whole)} ago`;
}

/** A code of the ledger as words: `awaiting_approval` is `awaiting approval`. */
export function formatCode(code: string): string {
  return printableLine(code.replaceAll('_', ' '));
}

/** Explains which process may still start an allowed run, when it expires, and how to cancel it. */
export function describeLeft({ id, expiresAt }: Pick<RunRecord, 'id' | 'expiresAt'>): string {
  return `A running \`operator watch\`, or the process that requested it, starts it before ${formatInstant(expiresAt)}; after that it expires. To cancel it: \`operator cancel ${id}\`.`;
}
