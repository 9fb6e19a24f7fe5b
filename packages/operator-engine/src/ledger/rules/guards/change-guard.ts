import type { Actor } from '../../actor.ts';
import type { StoredPolicyBindings } from './policy-binding.ts';
import type { RollbackGuard } from './rollback-guard.ts';
import { LEDGER_ACTOR } from '../transaction/transaction.ts';

/** Everything that the ledger asks of itself before a change that may lead to a request. */
export class ChangeGuard {
  readonly #rollback: RollbackGuard;
  readonly #policy: StoredPolicyBindings;

  constructor(rollback: RollbackGuard, policy: StoredPolicyBindings) {
    this.#rollback = rollback;
    this.#policy = policy;
  }

  /** Throws `LEDGER_ROLLED_BACK`, `WITNESS_UNUSABLE` and `LEDGER_POLICY_DIFFERS`. `by`: binds the first policy. */
  async require(by: Actor = LEDGER_ACTOR): Promise<void> {
    await this.#policy.require(by);
    await this.#rollback.require();
  }

  /** See {@link RollbackGuard.keep}. */
  async keep(): Promise<void> {
    await this.#rollback.keep();
  }
}
