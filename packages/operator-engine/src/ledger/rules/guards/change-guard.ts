import type { OperatorError } from 'operator-core';
import type { Actor } from '../../actor.ts';
import type { StoredPolicyBindings } from './policy-binding.ts';
import type { RollbackGuard } from './rollback-guard.ts';
import { createCorrupt } from '../store/store-errors.ts';
import { isToldBeginning } from './told-beginnings.ts';
import { LEDGER_ACTOR } from '../transaction/transaction.ts';
import type { Transactions } from '../transaction/transaction.ts';

/** Everything that the ledger asks of itself before a change that may lead to a request. */
export class ChangeGuard {
  readonly #transactions: Transactions;
  readonly #rollback: RollbackGuard;
  readonly #policy: StoredPolicyBindings;

  constructor(
    transactions: Transactions,
    { rollback, policy }: { rollback: RollbackGuard; policy: StoredPolicyBindings },
  ) {
    this.#transactions = transactions;
    this.#rollback = rollback;
    this.#policy = policy;
  }

  /** Throws `LEDGER_ROLLED_BACK`, `WITNESS_UNUSABLE` and `LEDGER_POLICY_DIFFERS`. `by`: binds the first policy. */
  async require(by: Actor = LEDGER_ACTOR): Promise<void> {
    const current = this.#policy.current();
    const found = await this.#transactions.look(async (queries, control) => {
      const isBound = await this.#policy.isBoundTo(queries, { current, control });
      // A witness is found by the id of its ledger.
      if (!(await isToldBeginning(queries, control.root, control))) throw this.#createMoved();
      return { isBound, rollback: await this.#rollback.findIn(queries, control), control };
    });
    if (!found.isBound) await this.#policy.require(by);
    await this.#rollback.requireNone(found.rollback, found.control);
  }

  #createMoved(): OperatorError {
    const cause = new Error('its audit does not begin as the ledger with its id does');
    return createCorrupt(this.#transactions.store.location, cause);
  }

  /** See {@link RollbackGuard.keep}. */
  async keep(): Promise<void> {
    await this.#rollback.keep();
  }
}
