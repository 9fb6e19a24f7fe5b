import type { Lease, LeaseState } from 'operator-engine';
import { formatActor, formatDistance, formatInstant } from './ledger-words.ts';
import type { Look } from './output.ts';
import { wallNow } from '../wall-clock.ts';
import { printableLine } from './printable.ts';
import { formatTable } from './table.ts';
import { formatDuration } from './units.ts';

/** Leases as a table. */
export function formatLeases(leases: readonly Lease[], look: Look): readonly string[] {
  if (leases.length === 0) return ['none'];
  const titles = ['Run', 'State', 'Effect', 'Resource', 'Subject', 'Owner', 'Ends'];
  const rows = leases.map((lease) => [
    lease.runId,
    lease.reason === null ? lease.state : `${lease.state}: ${printableLine(lease.reason)}`,
    printableLine(lease.effect),
    printableLine(lease.resource),
    lease.subject,
    formatActor(lease.owner),
    formatEnd(lease),
  ]);
  return formatTable({ columns: titles.map((title) => ({ title })), rows }, look);
}

/** Input of a note on a lease besides the lease. */
export interface LeaseNote {
  /** The command line that ends it. */
  readonly end: string;
  readonly isWatched: boolean;
  readonly look: Look;
}

/** Note for the owner of a run that has left a standing effect. */
export function formatLeaseNote(
  lease: Lease,
  { end, isWatched, look: { style } }: LeaseNote,
): readonly string[] {
  if (!isInForce(lease)) return [];
  const what = printableLine(`${lease.effect} on ${lease.resource}`);
  const lines = ['', `In force: ${what}, ${describeEnd(lease)}.`];
  if (lease.endsAt !== null && !isWatched) {
    lines.push(`${style.yellow('!')} ${NO_WATCH}`);
  }
  return [...lines, `To end it: ${end}`];
}

/** Warning beside a lease with an end when no `operator watch` is running. */
export const NO_WATCH = 'No `operator watch` is running, so nothing ends it. Start one.';

/** States of leases that are not over. One that is `planned` is not in force yet. */
export const OPEN_LEASE_STATES: readonly LeaseState[] = ['planned', 'active', 'ending'];

/** True when the effect is, or may be, in force. */
export function isInForce({ state }: Lease): boolean {
  return state === 'active' || state === 'ending';
}

function describeEnd({ endsAt }: Lease): string {
  if (endsAt === null) return 'until it is ended';
  return `until ${formatInstant(endsAt)} (${formatDistance(endsAt)})`;
}

function formatEnd({ state, endsAt, endedAt }: Lease): string {
  if (!OPEN_LEASE_STATES.includes(state)) return `${state} ${formatInstant(endedAt)}`;
  if (endsAt === null) return 'when it is ended by hand';
  const dueMs = wallNow() - Date.parse(endsAt);
  const when = dueMs < 0 ? formatDistance(endsAt) : `due for ${formatDuration(dueMs)}`;
  return `${formatInstant(endsAt)} (${when})`;
}
