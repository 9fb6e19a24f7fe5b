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

/** What a note on a lease has to know besides the lease. */
export interface LeaseNote {
  /** The command line that ends it. */
  readonly end: string;
  readonly isWatched: boolean;
  readonly look: Look;
}

/** What somebody has to know whose run has left a standing effect. */
export function formatLeaseNote(
  lease: Lease,
  { end, isWatched, look: { style } }: LeaseNote,
): readonly string[] {
  if (!isInForce(lease)) return [];
  const what = printableLine(`${lease.effect} on ${lease.resource}`);
  const lines = ['', `In force: ${what}, ${describeEnd(lease)}.`];
  if (lease.endsAt !== null && !isWatched) {
    lines.push(`${style.yellow('!')} ${NOBODY_WATCHES}`);
  }
  return [...lines, `To end it: ${end}`];
}

/** Said wherever an end will come that nobody is there to bring about. */
export const NOBODY_WATCHES =
  'No `operator watch` is running: nobody is there to end it. Start one.';

/** States of leases that are not over. One that is `planned` is not in force yet. */
export const OPEN_LEASE_STATES: readonly LeaseState[] = ['planned', 'active', 'ending'];

/** Whether the effect is, or may be, in force. */
export function isInForce({ state }: Lease): boolean {
  return state === 'active' || state === 'ending';
}

function describeEnd({ endsAt }: Lease): string {
  if (endsAt === null) return 'until somebody ends it';
  return `until ${formatInstant(endsAt)} (${formatDistance(endsAt)})`;
}

function formatEnd({ state, endsAt, endedAt }: Lease): string {
  if (!OPEN_LEASE_STATES.includes(state)) return `${state} ${formatInstant(endedAt)}`;
  if (endsAt === null) return 'when somebody says so';
  const dueMs = wallNow() - Date.parse(endsAt);
  const when = dueMs < 0 ? formatDistance(endsAt) : `due for ${formatDuration(dueMs)}`;
  return `${formatInstant(endsAt)} (${when})`;
}
