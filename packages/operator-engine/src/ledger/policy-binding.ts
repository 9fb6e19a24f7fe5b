import type { Actor } from './actor.ts';

/** The policy that decides, identified by its path and its owner. Its content may change. */
export interface PolicyIdentity {
  /** Real path of the file; `null`: no policy, the actions' own settings count. */
  readonly path: string | null;
  /** User id of the file's owner; `null` without a file, and where the system has no owners. */
  readonly owner: number | null;
}

/** The policy that a ledger is bound to. */
export interface PolicyBinding extends PolicyIdentity {
  readonly by: Actor;
  /** RFC 3339, UTC. */
  readonly since: string;
}

/**
 * Binding of a ledger to one policy. The first change binds it; from then on a process with another policy may
 * change nothing: `LEDGER_POLICY_DIFFERS`.
 */
export interface PolicyBindings {
  /** `null` before the first change. */
  get(): Promise<PolicyBinding | null>;
  /** Throws `LEDGER_POLICY_DIFFERS` when this process has another policy than the one that is bound. */
  check(): Promise<void>;
  /**
   * Binds the ledger to the policy of this process. Throws `LEDGER_NOT_YOURS` for anyone but the owner of the
   * ledger's file.
   */
  bind(change: { by: Actor; reason: string }): Promise<PolicyBinding>;
}
