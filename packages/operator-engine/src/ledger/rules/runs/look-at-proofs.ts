import type { Queries } from '../store/statement.ts';
import type { ClaimAnswer, ClaimTerms } from '../../claim.ts';
import type { RunRow } from '../tables/run-row.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant } from '../transaction/transaction.ts';

/** Checks a run by the files of its requester and approvers instead of rows. `null`: the run is proven. */
export async function lookAtProofs(
  tables: Tables,
  instant: Instant,
  { run, terms }: { run: RunRow; terms: ClaimTerms },
): Promise<Extract<ClaimAnswer, { outcome: 'unproven' }> | null> {
  const { approvals, proofs } = tables;
  const given = (await approvals.holding(instant, run)).length;
  const request = proofs.checkRequest(run, { mayWaitLonger: given > 0 });
  const isEnough = given >= run.approvals_needed;
  const consents = isEnough ? [] : await approvals.unproven(instant, run);
  const found = [proofs.checkWithdrawn(run), request, ...consents].filter((one) => one !== null);
  const why = [...found, ...(await lookAtOrigin(instant, tables, { run, terms }))];
  if (why.length === 0) return null;
  return { outcome: 'unproven', why, isBlind: proofs.whyBlind() !== null };
}

/** The end of a lease and a cancel need no rule: what they end must be proven to be there. */
async function lookAtOrigin(
  transaction: Queries,
  { runs, origins }: Tables,
  { run, terms }: { run: RunRow; terms: ClaimTerms },
): Promise<readonly string[]> {
  const { purpose, of_run: id } = run;
  if (purpose !== 'lease_end' && purpose !== 'cancel') return [];
  const original = id === null ? undefined : await runs.find(transaction, id);
  if (original === undefined) return [`the run ${id ?? ''} that it ends is not in the ledger`];
  const why = await origins.whyUnproven(transaction, original, terms.origin ?? null);
  return why.map((one) => `of run ${original.id}, which it ends: ${one}`);
}
