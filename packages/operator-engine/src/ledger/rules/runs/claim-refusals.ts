import { canonicalJson } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { ClaimAnswer, ClaimTerms } from '../../claim.ts';
import { requesterOf } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** Records why claims of a run were refused. */
export class ClaimRefusals {
  readonly #remember = new Statement<never>('UPDATE run SET refused_claim = ? WHERE id = ?');

  /** A refusal is written down when it is another one than the last: a waiting caller asks often. */
  async record(
    transaction: Transaction,
    run: RunRow,
    refused: { terms: ClaimTerms; refusal: ClaimAnswer },
  ): Promise<void> {
    const { refusal, terms } = refused;
    const key = keyOf(refusal);
    if (key === run.refused_claim) return;
    await this.#remember.run(transaction, key, run.id);
    await transaction.append({
      actor: terms.runner.actor,
      kind: 'claim_refused',
      runId: run.id,
      digest: run.digest,
      reason: refusal.outcome,
      details: { requester: { ...requesterOf(run) }, refusal: toFacts(refusal) },
    });
  }
}

/** Parts that make two refusals the same; times and counts differ. */
function keyOf(refusal: ClaimAnswer): string {
  switch (refusal.outcome) {
    case 'held':
      return canonicalJson([refusal.outcome, ...refusal.holders.map(({ runId }) => runId)]);
    case 'limited':
      return canonicalJson([refusal.outcome, refusal.reached.limit, refusal.reached.resource]);
    case 'overtaken':
      return canonicalJson([refusal.outcome, refusal.by.id]);
    case 'stopped':
      return canonicalJson([refusal.outcome, refusal.because, refusal.stop?.since ?? null]);
    default:
      return refusal.outcome;
  }
}

/** Facts of a refusal, as plain JSON. */
function toFacts(refusal: ClaimAnswer): JsonObject {
  return JSON.parse(JSON.stringify(refusal)) as JsonObject;
}
