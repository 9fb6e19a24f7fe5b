import type { Lease, LeaseSight, LeaseState } from 'operator-engine';
import { formatActor, formatDistance, formatInstant } from './ledger-words.ts';
import type { Look } from './output.ts';
import { wallNow } from '../process/wall-clock.ts';
import { formatRemedy } from './operation-words.ts';
import { printableLine } from './printable.ts';
import { formatTable } from './table.ts';
import { formatDuration } from './units.ts';

const TITLES = ['Run', 'State', 'Effect', 'Resource', 'Subject', 'Owner', 'Ends'] as const;

/** Leases as a table, as the ledger has them. */
export function formatLeases(leases: readonly Lease[], look: Look): readonly string[] {
  return formatRows(TITLES, leases.map(cellsOf), look);
}

/** Leases as a table, with the look of the system at each. */
export function formatSights(sights: readonly LeaseSight[], look: Look): readonly string[] {
  const [run, state, ...others] = TITLES;
  const rows = sights.map(({ lease, seen }) => {
    const [id = '', recorded = '', ...rest] = cellsOf(lease);
    return [id, recorded, SEEN[seen], ...rest];
  });
  return formatRows([run, state, 'Seen', ...others], rows, look);
}

const SEEN: Readonly<Record<LeaseSight['seen'], string>> = {
  in_force: 'in force',
  gone: 'gone',
  unknown: 'not known',
  over: '-',
};

function formatRows(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  look: Look,
): readonly string[] {
  if (rows.length === 0) return ['none'];
  return formatTable({ columns: titles.map((title) => ({ title })), rows }, look);
}

function cellsOf(lease: Lease): readonly string[] {
  return [
    lease.runId,
    lease.reason === null ? lease.state : `${lease.state}: ${printableLine(lease.reason)}`,
    printableLine(lease.effect),
    printableLine(lease.resource),
    lease.subject,
    formatActor(lease.owner),
    formatEnd(lease),
  ];
}

/** Input of a note on a lease besides the lease. */
export interface LeaseNote {
  /** The command line that ends it. */
  readonly end: string;
  readonly isWatched: boolean;
  readonly look: Look;
}

/** Note for the owner of a run that has left a standing effect, or may have. */
export function formatLeaseNote(
  sight: LeaseSight,
  { end, isWatched, look: { style } }: LeaseNote,
): readonly string[] {
  const { lease, seen } = sight;
  if (!isInForce(lease)) return [];
  const what = printableLine(`${lease.effect} on ${lease.resource}`);
  const head = seen === 'in_force' ? 'In force' : 'Not known to be in force';
  const lines = ['', `${head}: ${what}, ${describeEnd(lease)}.`];
  if (seen !== 'in_force') lines.push(formatSight(sight));
  if (lease.endsAt !== null && !isWatched) {
    lines.push(`${style.yellow('!')} ${NO_WATCH}`);
  }
  return [...lines, `To end it: ${end}`];
}

/** Sentence on the state of a lease in the system, and the advice. */
export function formatSight({ summary, remedy }: LeaseSight): string {
  const advice = remedy === undefined ? '' : ` ${formatRemedy(remedy)}`;
  return printableLine(`${summary}${advice}`);
}

/** Warning beside a lease with an end when no `operator watch` is running. */
export const NO_WATCH = 'No `operator watch` is running, so nothing ends it. Start one.';

/** States of leases that are not over. One that is `planned` is not in force yet. */
export const OPEN_LEASE_STATES: readonly LeaseState[] = ['planned', 'active', 'ending'];

/** True when the effect is, or may be, in force. */
function isInForce({ state }: Lease): boolean {
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
