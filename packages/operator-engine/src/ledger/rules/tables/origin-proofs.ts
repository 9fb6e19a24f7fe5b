import type { Queries } from '../store/statement.ts';
import type { Actor } from '../../actor.ts';
import { objectToConsent } from '../../approval.ts';
import type { Decision } from '../../approval.ts';
import type { ApprovalTable } from './approval-table.ts';
import { neededBy } from '../../approval.ts';
import { PlanSeal } from './plan-seal.ts';
import type { RunProofs } from './run-proofs.ts';
import { requesterOf } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import type { RunTable } from './run-table.ts';

/**
 * Holds a run whose effect is to be removed or cancelled against its proofs. No rule of policy is needed for an end: so
 * rows alone must not be able to say that there is something to end.
 */
export class OriginProofs {
  readonly #seal: PlanSeal;
  readonly #approvals: ApprovalTable;
  readonly #proofs: RunProofs;

  constructor(tables: { runs: RunTable; approvals: ApprovalTable; proofs: RunProofs }) {
    this.#seal = new PlanSeal(tables.runs);
    this.#approvals = tables.approvals;
    this.#proofs = tables.proofs;
  }

  /**
   * The reasons why nothing proves that a run was asked for, allowed and begun; empty when it is proven. `decision`: what
   * policy says of it, as of the time when it was begun; `null`: the number of consents in its row counts.
   */
  async whyUnproven(
    transaction: Queries,
    run: RunRow,
    decision: Decision | null,
  ): Promise<readonly string[]> {
    const request = this.#proofs.checkRequest(run, { mayWaitLonger: true });
    const { fault } = await this.#seal.read(transaction, run);
    const claim = this.#proofs.readClaim(run);
    const found = [
      request,
      fault?.message ?? null,
      typeof claim === 'string' ? claim : null,
      // Who has begun it has looked at policy then, which may be another by now.
      typeof claim !== 'string' && claim.isTrusted
        ? null
        : await this.#objectTo(transaction, run, decision),
    ];
    return found.filter((why) => why !== null);
  }

  async #objectTo(
    transaction: Queries,
    run: RunRow,
    decision: Decision | null,
  ): Promise<string | null> {
    if (decision?.kind === 'deny') return `policy does not allow it: ${decision.reasons.join(' ')}`;
    const needed = decision === null ? run.approvals_needed : neededBy(decision);
    const consents = (await this.#approvals.all(transaction, run)).filter(
      ({ unproven }) => unproven === null,
    );
    const names = consents
      .map(({ approver }) => approver)
      .filter((approver) => counts(decision, approver, run))
      .map(({ name }) => name);
    const given = new Set(names).size;
    return given >= needed ? null : `it needs ${needed} consents, and ${given} are proven`;
  }
}

function counts(decision: Decision | null, approver: Actor, run: RunRow): boolean {
  if (decision === null) return true;
  // Where it was given was looked at then.
  const consent = { approver, atTerminal: true };
  return objectToConsent(decision.approval, consent, requesterOf(run)) === null;
}
