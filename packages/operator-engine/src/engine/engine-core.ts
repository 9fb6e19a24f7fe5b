import { Clock } from '../clock/clock.ts';
import { createMachineClock } from '../clock/machine-clock.ts';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import { createConfigInvalid } from '../config/config-invalid.ts';
import { DEFAULT_LIMITS } from '../config/limits.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PolicyIdentity } from '../ledger/policy-binding.ts';
import { RunnerSessions } from '../ledger/runner-session.ts';
import type { LedgerDriver } from '../ledger/rules/driver.ts';
import { createSqliteDriver } from '../ledger/sqlite/sqlite-driver.ts';
import { defaultWitnessDirectory } from '../ledger/witness.ts';
import { loadPlugin } from '../plugin/load-plugin.ts';
import { validateConfig } from '../plugin/validate-config.ts';
import { identifyPolicy } from '../policy/identify-policy.ts';
import type { GateServices } from '../subject/gate-context.ts';
import { createPolicyReader } from '../subject/gate-policy.ts';
import type { EngineOptions } from './engine-options.ts';
import { openEngineLedger, trustsNames } from './open-engine-ledger.ts';
import { SharedSubject } from './shared-subject.ts';
import { SubjectPool } from './subject-pool.ts';

/** Everything that the actors of an engine share: configuration, ledger, policy, plugins and connections. */
export class EngineCore {
  readonly config: Config;
  readonly options: EngineOptions;
  readonly services: Omit<GateServices, 'actor'>;
  readonly subjects: SubjectPool;
  readonly driver: LedgerDriver;
  /** Folder in which this user's witness of the ledger is kept. */
  readonly witnessPath: string;
  /** True when the names of actors are the host's word: it has named its own actor. */
  readonly trustsNames: boolean;
  #ledger: Promise<Ledger> | null = null;

  constructor(config: Config, options: EngineOptions) {
    this.config = config;
    this.options = options;
    this.witnessPath = config.witnessPath ?? defaultWitnessDirectory(options.env);
    this.trustsNames = trustsNames(options);
    this.driver = options.ledgerDriver ?? createSqliteDriver(config.ledgerPath);
    const clock = new Clock(options.ledgerClock ?? createMachineClock());
    this.services = {
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      clock,
      policy: createPolicyReader(config.policyPath, { clock, env: options.env }),
      hasLedger: () => this.driver.exists(),
      openLedger: async () => this.openLedger(),
      sessions: new RunnerSessions(),
    };
    this.subjects = new SubjectPool(async (subject) => this.#load(subject));
  }

  /** Opens the ledger once, and creates it if there is none. Rejects with the error of opening it. */
  async openLedger(): Promise<Ledger> {
    this.#ledger ??= this.beginLedger();
    return this.#ledger;
  }

  /** Opens the ledger; with `beginAgain` in place of a lost one. */
  async beginLedger(options?: { beginAgain: boolean }): Promise<Ledger> {
    this.#ledger = this.#openLedger(options).catch((error: unknown) => {
      this.#ledger = null;
      throw error;
    });
    return this.#ledger;
  }

  /** Lets go of runs that are not over, and closes every subject and the ledger. May be called twice. */
  async close(): Promise<void> {
    await this.services.sessions.leaveAll();
    await this.subjects.close();
    const ledger = await this.#ledger?.catch(() => null);
    this.#ledger = null;
    await ledger?.close();
  }

  async #openLedger({ beginAgain = false } = {}): Promise<Ledger> {
    const policy = (): PolicyIdentity => identifyPolicy(this.config.policyPath);
    const parts = { witness: this.witnessPath, beginAgain, clock: this.services.clock, policy };
    return openEngineLedger(this.driver, this.options, parts);
  }

  async #load(subject: ConfiguredSubject): Promise<SharedSubject> {
    const { config, options, services } = this;
    if (subject.issues.length > 0) throw createConfigInvalid(config.path, subject.issues);
    const { env, hostUrl, onExchange: observer, onWaiting } = options;
    const { limits } = services;
    const limitMs = limits.importMs;
    const places = { configDirectory: config.directory, hostUrl, env };
    const loaded = await loadPlugin(subject.plugin, { ...places, limitMs });
    const settings = await validateConfig(config, subject, { loaded, limitMs });
    return new SharedSubject({ config, subject, loaded, settings, limits, observer, onWaiting });
  }
}
