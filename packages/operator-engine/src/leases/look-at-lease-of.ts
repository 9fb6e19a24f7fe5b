import { OperatorError } from 'operator-core';
import type { Lease } from '../ledger/lease.ts';
import { isClosed } from '../ledger/lease.ts';
import { openForRun } from '../subject/subjects.ts';
import type { RunSubjects } from '../subject/subjects.ts';
import { lookAtLease } from '../runs/recover/look-at-lease.ts';
import type { LeaseSight } from '../runs/recover/look-at-lease.ts';

/** Does what {@link lookAtLease} does, for a lease of any subject. Never rejects. */
export async function lookAtLeaseOf(
  subjects: RunSubjects,
  lease: Lease,
  signal?: AbortSignal,
): Promise<LeaseSight> {
  if (isClosed(lease.state)) return { lease, seen: 'over', summary: `It is ${lease.state}.` };
  try {
    return await lookAtLease(await openForRun(subjects, lease.runId, signal), lease, signal);
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const summary = `Whether it is in force is not known: ${error.message}`;
    return { lease, seen: 'unknown', summary };
  }
}
