import { toActor, toActorColumns } from '../transaction/actor-columns.ts';
import { advise } from 'operator-core';
import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { operations } from '../../../errors/operations.ts';
import type { Actor } from '../../actor.ts';
import type { PolicyBinding, PolicyBindings, PolicyIdentity } from '../../policy-binding.ts';
import type { OwnerRights } from './owner-rights.ts';
import { toIso } from '../transaction/ledger-time.ts';
import type { Control } from '../transaction/control-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Transaction, Transactions } from '../transaction/transaction.ts';

interface BindingRow {
  readonly path: string | null;
  readonly owner: number | null;
  readonly by_kind: Actor['kind'];
  readonly by_name: string;
  readonly by_for: string | null;
  readonly since: number;
}

/** A binding, and the place of its entry in the root chain. */
interface Bound {
  readonly sequence: number;
  readonly binding: PolicyBinding;
}

/** The policy that decides in this process, now; `null`: this process decides nothing. */
export type CurrentPolicy = (() => PolicyIdentity) | null;

/** The binding to a policy. */
export class StoredPolicyBindings implements PolicyBindings {
  readonly #transactions: Transactions;
  readonly #current: CurrentPolicy;
  readonly #rights: OwnerRights | null;
  readonly #get: Statement<BindingRow>;
  readonly #set: Statement<never>;

  /** `rights`: what the owner has said by files; `null` where rows count, because the host alone writes them. */
  constructor(
    transactions: Transactions,
    { current, rights }: { current: CurrentPolicy; rights: OwnerRights | null },
  ) {
    this.#rights = rights;
    this.#transactions = transactions;
    this.#current = current;
    this.#get = new Statement('SELECT * FROM policy_binding WHERE id = 1');
    this.#set = new Statement(
      `INSERT INTO policy_binding (id, path, owner, by_kind, by_name, by_for, since)
       VALUES (1, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET path = excluded.path, owner = excluded.owner,
         by_kind = excluded.by_kind, by_name = excluded.by_name, by_for = excluded.by_for,
         since = excluded.since`,
    );
  }

  async get(): Promise<PolicyBinding | null> {
    return this.#transactions.read(async (transaction) => this.#read(transaction));
  }

  async check(): Promise<void> {
    this.#compare(await this.get(), this.current());
  }

  #compare(bound: PolicyBinding | null, current: PolicyIdentity | null): void {
    if (bound === null || current === null || isSame(bound, current)) return;
    throw createDiffers(this.#transactions.store.location, { bound, current });
  }

  /** The policy that decides in this process, now. */
  current(): PolicyIdentity | null {
    return this.#current?.() ?? null;
  }

  /**
   * False where the ledger is bound to no policy yet and this process has one. Throws `LEDGER_POLICY_DIFFERS`. Inside a
   * transaction.
   */
  async isBoundTo(
    transaction: Queries,
    { current, control }: { current: PolicyIdentity | null; control: Control },
  ): Promise<boolean> {
    if (current === null) return true;
    const bound = await this.#read(transaction, control);
    this.#compare(bound, current);
    return bound !== null;
  }

  /** Does what {@link check} does, and binds a ledger that is not bound yet, in the name of `by`. */
  async require(by: Actor): Promise<void> {
    const current = this.current();
    if (current === null) return;
    const bound = await this.get();
    if (bound !== null) return this.#compare(bound, current);
    const made = await this.#transactions.write(async (transaction) => {
      // Another process may have been faster.
      if ((await this.#read(transaction)) !== null) return null;
      return this.#bind(transaction, current, { by, reason: null });
    });
    if (made !== null) await this.#say(made);
    return this.check();
  }

  async bind(change: { by: Actor; reason: string }): Promise<PolicyBinding> {
    this.#transactions.store.owner.require('binds it to a policy');
    const current = this.current() ?? { path: null, owner: null };
    const made = await this.#transactions.write(async (transaction) =>
      this.#bind(transaction, current, change),
    );
    await this.#say(made);
    return made.binding;
  }

  /** Has the owner say it: that alone counts more than the row. */
  async #say({ sequence, binding: { path, owner, by, since } }: Bound): Promise<void> {
    const rights = this.#rights;
    if (rights === null) return;
    await this.#transactions.read(async (transaction) => {
      const control = await this.#transactions.control(transaction);
      if (!rights.isOwner(control)) return;
      const said = { path, owner, by: { ...by }, since };
      await rights.bindPolicy(transaction, control, { sequence, said });
    });
  }

  /** Problems, as sentences: a row that says something else than the owner; empty when it does not. Inside a transaction. */
  async problems(transaction: Queries): Promise<readonly string[]> {
    const said = await this.#read(transaction);
    const row = await this.#readRow(transaction);
    if (said === null || (row !== null && said.path === row.path && said.owner === row.owner)) {
      return [];
    }
    const found = row === null ? 'nothing' : describePolicy(row);
    const own = describePolicy(said);
    return [
      `a row binds the ledger to ${found}, and its owner has bound it to ${own}: it was edited`,
    ];
  }

  async #bind(
    transaction: Transaction,
    { path, owner }: PolicyIdentity,
    { by, reason }: { by: Actor; reason: string | null },
  ): Promise<Bound> {
    const before = await this.#read(transaction);
    const from = before === null ? null : { path: before.path, owner: before.owner };
    await this.#set.run(transaction, path, owner, ...toActorColumns(by), transaction.now);
    const details = { from, to: { path, owner } };
    const sequence = await transaction.append({ actor: by, kind: 'policy_bound', reason, details });
    return { sequence, binding: { path, owner, by, since: toIso(transaction.now) } };
  }

  /** The binding in the owner's statement; without a statement, the one in the row. */
  async #read(transaction: Queries, known?: Control): Promise<PolicyBinding | null> {
    const control = known ?? (await this.#transactions.control(transaction));
    const said = (await this.#rights?.boundPolicy(transaction, control)) ?? null;
    // Written by the owner with this program.
    return said === null ? await this.#readRow(transaction) : (said as unknown as PolicyBinding);
  }

  async #readRow(transaction: Queries): Promise<PolicyBinding | null> {
    const row = await this.#get.get(transaction);
    if (row === undefined) return null;
    const { path, owner, since } = row;
    const by = toActor(row.by_kind, row.by_name, row.by_for);
    return { path, owner, by, since: toIso(since) };
  }
}

/** A file that cannot be looked at has no owner: its place alone counts then, and it denies everything. */
function isSame(bound: PolicyIdentity, current: PolicyIdentity): boolean {
  const isOwned = current.owner === null || bound.owner === null || bound.owner === current.owner;
  return bound.path === current.path && isOwned;
}

function createDiffers(
  location: string,
  { bound, current }: { bound: PolicyBinding; current: PolicyIdentity },
): OperatorError {
  return createEngineError('LEDGER_POLICY_DIFFERS', {
    message: `The ledger ${location} is bound to ${describePolicy(bound)}, and this configuration names ${describePolicy(current)}. Nothing is changed under another policy.`,
    remedy: advise`Use the configuration that names the policy of the ledger. To make the new policy count for all users, the owner of the ledger’s file binds it: ${operations.bindPolicy}.`,
    facts: {
      location,
      bound: { path: bound.path, owner: bound.owner },
      here: { path: current.path, owner: current.owner },
    },
  });
}

function describePolicy({ path, owner }: PolicyIdentity): string {
  if (path === null) return 'no policy';
  return owner === null ? `the policy ${path}` : `the policy ${path} of user ${owner}`;
}
