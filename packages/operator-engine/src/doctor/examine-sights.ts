import { advise } from 'operator-core';
import { operations } from '../errors/operations.ts';
import { OPEN_LEASE_STATES } from '../ledger/lease.ts';
import type { Lease, LeaseFilter } from '../ledger/lease.ts';
import type { LeaseSight } from '../runs/recover/look-at-lease.ts';
import type { SharedFinding } from './finding.ts';

/** Leases of an engine, which can look for their effects in the systems. */
export interface SeenLeases {
  list(filter: LeaseFilter): Promise<readonly Lease[]>;
  look(
    filter: LeaseFilter,
    options: { signal?: AbortSignal | undefined },
  ): Promise<readonly LeaseSight[]>;
}

/** Options for comparing leases with the systems. */
export interface SightOptions {
  /** Subjects that do not answer: their leases are not compared with them. */
  readonly silent: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Compares leases with the system: finds those whose effect is gone or could not be read. */
export async function examineSights(
  leases: SeenLeases,
  { silent, signal }: SightOptions,
): Promise<readonly SharedFinding[]> {
  const open = await leases.list({ states: OPEN_LEASE_STATES });
  const subjects = [...new Set(open.map(({ subject }) => subject))];
  const found = await Promise.all(
    subjects.map(async (subject) =>
      silent.includes(subject)
        ? [notCompared(subject, open)]
        : examineSightsOf(leases, { subject, signal }),
    ),
  );
  return found.flat();
}

async function examineSightsOf(
  leases: SeenLeases,
  { subject, signal }: { subject: string; signal: AbortSignal | undefined },
): Promise<readonly SharedFinding[]> {
  const sights = await leases.look({ states: OPEN_LEASE_STATES, subject }, { signal });
  const remedy = advise`See ${operations.listLeases}.`;
  return sights
    .filter(({ seen }) => seen === 'gone' || seen === 'unknown')
    .map(({ lease: { runId, effect, resource }, summary }) => {
      const message = `${effect} on ${resource} (${runId}): ${summary}`;
      return { check: 'leases', state: 'warning', message, remedy };
    });
}

function notCompared(subject: string, open: readonly Lease[]): SharedFinding {
  const runs = open.filter((lease) => lease.subject === subject).map(({ runId }) => runId);
  const message = `Not compared with ${subject}, which does not answer: ${runs.join(', ')}.`;
  const remedy = 'Repair the connection to the subject first.';
  return { check: 'leases', state: 'warning', message, remedy };
}
