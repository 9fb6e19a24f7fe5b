import { Clock } from '../clock/clock.ts';
import { createMachineClock } from '../clock/machine-clock.ts';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import { createConfigInvalid } from '../config/config-invalid.ts';
import { DetachedRuns } from '../events/detached-runs.ts';
import type { RunState } from '../ledger/run-state.ts';
import { DEFAULT_LIMITS } from '../config/limits.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PolicyIdentity } from '../ledger/policy-binding.ts';
import { RunnerSessions } from '../ledger/runner-session.ts';
import type { LedgerDriver } from '../ledger/rules/store/driver.ts';
import { defaultWitnessDirectory } from '../ledger/witness.ts';
import { loadPlugin } from '../plugin/load-plugin.ts';
import { validateConfig } from '../plugin/validate-config.ts';
import { identifyPolicy } from '../policy/identify-policy.ts';
import type { GateServices } from '../subject/gate-context.ts';
import { createPolicyReader } from '../subject/gate-policy.ts';
import { checkSuggestions } from './check-suggestions.ts';
import { chooseDriver } from './choose-driver.ts';
import type { EngineOptions } from './engine-options.ts';
import { openEngineLedger, trustsNames } from './open-engine-ledger.ts';
import { SharedSubject } from './shared-subject.ts';
import { SubjectPool } from './subject-pool.ts';

/** A run that was in progress without a listener when its engine was closed, and its state then. */
export interface LeftRun {
  readonly runId: string;
  /** `executing` and `verifying`: any runner settles it. */
  readonly state: RunState;
  /** One sentence. */
  readonly summary: string;
}

/** Everything that the actors of an engine share: configuration, ledger, policy, plugins and connections. */
export class EngineCore {
  readonly config: Config;
  readonly options: EngineOptions;
  readonly services: Omit<GateServices, 'actor'>;
  readonly subjects: SubjectPool;
  /** Folder in which this user's witness of the ledger is kept. */
  readonly witnessPath: string;
  /** True when users are proven by files beside the ledger; otherwise names in the ledger count. */
  readonly provesByFiles: boolean;
  /** True when the host has named its own actor: it vouches for the names of actors. */
  readonly trustsNames: boolean;
  #driver: Promise<LedgerDriver> | null = null;
  #ledger: Promise<Ledger> | null = null;

  constructor(config: Config, options: EngineOptions) {
    this.config = config;
    this.options = options;
    this.witnessPath = config.witnessPath ?? defaultWitnessDirectory(options.env);
    this.trustsNames = trustsNames(options);
    this.provesByFiles = !this.trustsNames && config.ledger.identity === 'proven';
    const clock = new Clock(options.ledgerClock ?? createMachineClock());
    this.services = {
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      clock,
      policy: createPolicyReader(config.policyPath, { clock, env: options.env }),
      hasLedger: async () => (await this.driver()).exists(),
      openLedger: async () => this.openLedger(),
      sessions: new RunnerSessions(),
      detached: new DetachedRuns(),
    };
    this.subjects = new SubjectPool(async (subject) => this.#load(subject));
  }

  /** The driver of the ledger: of the host, built in, or from the package that the configuration names. Opens nothing. */
  async driver(): Promise<LedgerDriver> {
    this.#driver ??= chooseDriver(this.config, this.options).catch((error: unknown) => {
      this.#driver = null;
      throw error;
    });
    return this.#driver;
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

  /** Interrupts runs without a listener, releases all runs, and closes every subject and the ledger. */
  async close(): Promise<readonly LeftRun[]> {
    const { detached, limits, sessions } = this.services;
    const left = await detached.close(2 * limits.stopMs);
    await sessions.leaveAll();
    const runs = await this.#describe(left);
    await this.subjects.close();
    const ledger = await this.#ledger?.catch(() => null);
    this.#ledger = null;
    await ledger?.close();
    return runs;
  }

  async #describe(ids: readonly string[]): Promise<readonly LeftRun[]> {
    const ledger = await this.#ledger?.catch(() => null);
    if (!ledger || ids.length === 0) return [];
    const { summaryOf } = await import('./run-operations.ts');
    const runs = await Promise.all(ids.map(async (id) => ledger.runs.get(id)));
    return runs.map((run) => ({ runId: run.id, state: run.state, summary: summaryOf(run) }));
  }

  async #openLedger({ beginAgain = false } = {}): Promise<Ledger> {
    const policy = (): PolicyIdentity => identifyPolicy(this.config.policyPath);
    const { clock } = this.services;
    const identity = this.provesByFiles ? 'files' : 'host';
    const parts = { witness: this.witnessPath, beginAgain, clock, policy, identity } as const;
    return openEngineLedger(await this.driver(), this.options, parts);
  }

  async #load(subject: ConfiguredSubject): Promise<SharedSubject> {
    const { config, options, services } = this;
    if (subject.issues.length > 0) throw createConfigInvalid(config.path, subject.issues);
    const { env, hostUrl, onExchange: observer, onWaiting } = options;
    const { limits } = services;
    const limitMs = limits.importMs;
    const places = { configDirectory: config.directory, hostUrl, env };
    const loaded = await loadPlugin(subject.plugin, { ...places, limitMs });
    await checkSuggestions(loaded);
    const settings = await validateConfig(config, subject, { loaded, limitMs });
    return new SharedSubject({ config, subject, loaded, settings, limits, observer, onWaiting });
  }
}
