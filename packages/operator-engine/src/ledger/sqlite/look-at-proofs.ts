import type { ClaimAnswer, ClaimTerms } from '../claim.ts';
import type { RunRow } from './run-row.ts';
import type { Tables } from './tables.ts';
import type { Instant } from './transaction.ts';

/** Checks a run by the files of its requester and approvers instead of rows. `null`: the run is proven. */
export function lookAtProofs(
  tables: Tables,
  instant: Instant,
  { run, terms }: { run: RunRow; terms: ClaimTerms },
): Extract<ClaimAnswer, { outcome: 'unproven' }> | null {
  const { approvals, proofs } = tables;
  const given = approvals.holding(instant, run).length;
  const request = proofs.checkRequest(run, { mayWaitLonger: given > 0 });
  const isEnough = given >= run.approvals_needed;
  const consents = isEnough ? [] : approvals.unproven(instant, run);
  const found = [proofs.checkWithdrawn(run), request, ...consents].filter((one) => one !== null);
  const why = [...found, ...lookAtOrigin(tables, run, terms)];
  if (why.length === 0) return null;
  return { outcome: 'unproven', why, isBlind: proofs.whyBlind() !== null };
}

/** The end of a lease and a cancel need no rule: what they end must be proven to be there. */
function lookAtOrigin(
  { runs, origins }: Tables,
  { purpose, of_run: id }: RunRow,
  { origin }: ClaimTerms,
): readonly string[] {
  if (purpose !== 'lease_end' && purpose !== 'cancel') return [];
  const original = id === null ? undefined : runs.find(id);
  if (original === undefined) return [`the run ${id ?? ''} that it ends is not in the ledger`];
  const why = origins.whyUnproven(original, origin ?? null);
  return why.map((one) => `of run ${original.id}, which it ends: ${one}`);
}
