import type { LedgerClock } from '../clock/machine-clock.ts';
import type { Environment } from '../identity/environment.ts';
import type { ExchangeObserver } from '../http/http-exchange.ts';
import type { Actor, OsActor } from '../ledger/actor.ts';
import type { LedgerLimits } from '../ledger/ledger-limits.ts';
import type { LedgerDriver } from '../ledger/rules/store/driver.ts';
import type { Rollback } from '../ledger/maintenance.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { WaitingObserver } from './shared-subject.ts';

/** Options of `openEngine`. */
export interface EngineOptions {
  /** Folder in which the search for the configuration begins. */
  readonly cwd: string;
  /** The configuration itself, relative to `cwd`, instead of a search. */
  readonly configPath?: string | undefined;
  /** Variables for `${NAME}` in the configuration, and `OPERATOR_SUBJECT`. */
  readonly env: Environment;
  /** File URL of the host: plugins are looked for from there when the configuration's folder has none. */
  readonly hostUrl: string;
  /**
   * The actor who requests, approves and ends runs. Without an actor nothing can be changed.
   *
   * - {@link OsActor}: the user of this process, proven to other processes by the owners of files beside
   *   the ledger; consents of others count in this process only with such a proof
   * - {@link Actor}: one that the host has authenticated itself; names in the ledger then count as they are,
   *   so the host must be the only one that can write the ledger
   */
  readonly actor?: Actor | OsActor | undefined;
  /** Takes every HTTP exchange of every subject. */
  readonly onExchange?: ExchangeObserver | undefined;
  /** Called once when the ledger is opened and is older than what this user has seen of it. */
  readonly onRollback?: ((rollback: Rollback) => void) | undefined;
  /** Takes what a subject waits for, about once a second while it does. */
  readonly onWaiting?: WaitingObserver | undefined;
  readonly limits?: Partial<EngineLimits>;
  /** The place of the ledger. Default: the driver that the configuration names, or a file in SQLite. */
  readonly ledgerDriver?: LedgerDriver | undefined;
  /** Limits of the ledger: trust in clocks, and waiting times. */
  readonly ledgerLimits?: Partial<LedgerLimits>;
  /** Default: the clocks of this machine. */
  readonly ledgerClock?: LedgerClock;
}
