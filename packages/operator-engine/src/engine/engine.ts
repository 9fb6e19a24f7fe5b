import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { EngineApprovals } from './engine-approvals.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Config, ConfiguredSubject } from '../config/load-config.ts';
import type { EngineOptions } from './engine-options.ts';
import { createConfigInvalid } from '../config/config-invalid.ts';
import type { ConfigIssue, Position } from '../config/config-issue.ts';
import type { GateServices } from '../subject/gate-context.ts';
import { chooseSubject } from './choose-subject.ts';
import type { GatedSubject } from './gated-subject.ts';
import { createPolicyReader } from '../subject/gate-policy.ts';
import type { GatePolicy } from '../subject/gate-policy.ts';
import { createGatedSubject } from './open-subject.ts';
import type { EngineSubjects, OpenedSubject } from './open-subject.ts';
import { createInterrupted, isAborted } from '../base/signals.ts';
import { EngineLeases } from './engine-leases.ts';
import { openEngineLedger } from './open-engine-ledger.ts';
import { requireActor, toActor } from './require-actor.ts';
import type { Actor } from '../ledger/actor.ts';
import { Clock } from '../clock/clock.ts';
import { createMachineClock } from '../clock/machine-clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerDriver } from '../ledger/rules/driver.ts';
import { createSqliteDriver } from '../ledger/sqlite/sqlite-driver.ts';
import type { PolicyIdentity } from '../ledger/policy-binding.ts';
import { identifyPolicy } from '../policy/identify-policy.ts';
import { LedgerLoss } from '../ledger/ledger-loss.ts';
import { defaultWitnessDirectory, Witness } from '../ledger/witness.ts';
import type { RunnerStatus } from '../ledger/runners.ts';
import { whyOwnersAreUnknown } from '../proofs/owner-keeping.ts';
import { DEFAULT_LIMITS } from '../config/limits.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { loadPlugin } from '../plugin/load-plugin.ts';
import { validateConfig } from '../plugin/validate-config.ts';
import { EngineMode } from './engine-mode.ts';
import { EngineRuns } from './engine-runs.ts';
import { RunnerSessions } from '../ledger/runner-session.ts';
import type { WatchEvent } from '../runner/watch-event.ts';
import { watchRuns } from '../runner/watch-runs.ts';

/** A subject that the configuration names. */
export interface SubjectEntry extends Position {
  readonly name: string;
  /** Package name or path. */
  readonly plugin: string;
  /** Reason that it cannot be opened: unset variables, or an invalid plugin name. */
  readonly issues: readonly ConfigIssue[];
}

/** A configuration, its ledger, and the subjects that were opened from it. */
export class Engine {
  readonly configPath: string;
  /** File of the ledger, which may not exist yet. */
  readonly ledgerPath: string;
  /** Folder in which this user's witness of the ledger is kept. */
  readonly witnessPath: string;
  /** The policy's file, or `null`: the actions' own words count. */
  readonly policyPath: string | null;
  readonly runs: EngineRuns;
  readonly approvals: EngineApprovals;
  readonly leases: EngineLeases;
  readonly mode: EngineMode;
  readonly loss: LedgerLoss;
  /** Time of every record. */
  readonly clock: Pick<Clock, 'now' | 'iso'>;
  readonly #config: Config;
  readonly #options: EngineOptions;
  readonly #actor: Actor | null;
  readonly #driver: LedgerDriver;
  readonly #services: GateServices;
  readonly #subjects: EngineSubjects;
  readonly #opened: GatedSubject[] = [];
  readonly #shared = new Map<string, Promise<OpenedSubject>>();
  #ledger: Promise<Ledger> | null = null;

  constructor(config: Config, options: EngineOptions) {
    this.configPath = config.path;
    this.ledgerPath = config.ledgerPath;
    this.policyPath = config.policyPath;
    this.witnessPath = config.witnessPath ?? defaultWitnessDirectory(options.env);
    this.#config = config;
    this.#options = options;
    this.#driver = options.ledgerDriver ?? createSqliteDriver(config.ledgerPath);
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#actor = toActor(options.actor);
    const actor = (): Actor => requireActor(this.#actor);
    const clock = new Clock(options.ledgerClock ?? createMachineClock());
    this.clock = clock;
    const policy = createPolicyReader(config.policyPath, { clock, env: options.env });
    const open = async (): Promise<Ledger> => this.openLedger();
    this.#services = {
      limits,
      clock,
      actor,
      policy,
      hasLedger: () => this.#driver.exists(),
      openLedger: open,
      sessions: new RunnerSessions(),
    };
    this.#subjects = {
      openLedger: open,
      open: async (name, signal) => this.#openShared(name, signal),
    };
    this.runs = new EngineRuns(this.#subjects, { actor, limits });
    this.approvals = new EngineApprovals(this.#subjects, { actor, policy });
    this.leases = new EngineLeases(this.#subjects, { actor, policy });
    this.mode = new EngineMode(this.#subjects, { actor, limits });
    this.loss = new LedgerLoss({
      find: () => this.#driver.findLost(new Witness(this.witnessPath)),
      begin: async () => this.#begin({ beginAgain: true }),
    });
  }

  /** The actor, or `null` when the host did not say. */
  get actor(): Actor | null {
    return this.#actor;
  }

  /** The actor. Throws `ACTOR_MISSING`. */
  requireActor(): Actor {
    return requireActor(this.#actor);
  }

  /** The subjects of the configuration, in its order. Loads nothing. */
  subjects(): readonly SubjectEntry[] {
    return this.#config.subjects.map(({ name, plugin, issues }) => {
      return { name, plugin, issues, ...this.#config.document.positionOf(['subjects', name]) };
    });
  }

  /**
   * Loads the plugin of a subject and checks its configuration, without connecting. Without a name:
   * `OPERATOR_SUBJECT`, else the only one there is.
   */
  async openSubject(
    name?: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<GatedSubject> {
    return (await this.#open(chooseSubject(this.#config, name, this.#options.env), options.signal))
      .subject;
  }

  /** Opens the ledger once, and creates it if there is none. Rejects with the error of opening it. */
  async openLedger(): Promise<Ledger> {
    this.#ledger ??= this.#begin();
    return this.#ledger;
  }

  /**
   * The reason why this process cannot tell who owns a file, so that no consent counts and runs of others are not
   * begun here; `null` where it can. Makes nothing.
   */
  whyOwnersAreUnknown(): string | null {
    const folder = dirname(this.ledgerPath);
    return whyOwnersAreUnknown(existsSync(folder) ? folder : dirname(this.configPath));
  }

  /** The policy’s file as it is now, with its mistakes. Never throws. */
  loadPolicy(): LoadedPolicy {
    return loadPolicy(this.policyPath, this.#options.env);
  }

  /** The policy as it is now. Never throws: one that cannot be read denies everything. */
  readPolicy(): GatePolicy {
    return this.#services.policy();
  }

  /** Living runners; those with the role `watch` also end leases. */
  async runners(): Promise<readonly RunnerStatus[]> {
    return (await this.openLedger()).runners.list();
  }

  /** Watches over leases, abandoned runs and approved ones until the signal ends. */
  watch(options: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<WatchEvent, void> {
    return watchRuns({ ...this.#services, subjects: this.#subjects }, options.signal);
  }

  /** Lets go of runs that are not over, and closes every subject and the ledger. May be called twice. */
  async close(): Promise<void> {
    await this.#services.sessions.leaveAll();
    this.#shared.clear();
    await Promise.all(this.#opened.splice(0).map((subject) => subject.close()));
    const ledger = await this.#ledger?.catch(() => null);
    this.#ledger = null;
    await ledger?.close();
  }

  async #begin(options?: { beginAgain: boolean }): Promise<Ledger> {
    this.#ledger = this.#openLedger(options).catch((error: unknown) => {
      this.#ledger = null;
      throw error;
    });
    return this.#ledger;
  }

  async #openLedger({ beginAgain = false } = {}): Promise<Ledger> {
    const policy = (): PolicyIdentity => identifyPolicy(this.policyPath);
    const { clock } = this.#services;
    const parts = { witness: this.witnessPath, beginAgain, clock, policy };
    return openEngineLedger(this.#driver, this.#options, parts);
  }

  async #openShared(name: string, signal: AbortSignal | undefined): Promise<OpenedSubject> {
    const opening =
      this.#shared.get(name) ??
      this.#open(chooseSubject(this.#config, name, this.#options.env), signal);
    this.#shared.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.#shared.delete(name);
      throw error;
    }
  }

  async #open(subject: ConfiguredSubject, signal: AbortSignal | undefined): Promise<OpenedSubject> {
    if (isAborted(signal)) throw createInterrupted(`opening ${subject.name}`);
    if (subject.issues.length > 0) throw createConfigInvalid(this.configPath, subject.issues);
    const { env, hostUrl, onExchange: observer, onWaiting } = this.#options;
    const [config, { limits }] = [this.#config, this.#services];
    const places = { configDirectory: config.directory, hostUrl, env };
    const loaded = await loadPlugin(subject.plugin, {
      ...places,
      limitMs: limits.importMs,
      signal,
    });
    const settings = await validateConfig(config, subject, { loaded, limitMs: limits.importMs });
    const parts = { config, subject, loaded, settings, limits, observer, onWaiting };
    const opened = createGatedSubject(parts, this.#services);
    this.#opened.push(opened.subject);
    return opened;
  }
}

/**
 * Finds and checks the configuration. Throws `CONFIG_NOT_FOUND`, `CONFIG_UNREADABLE` or
 * `CONFIG_INVALID` with every mistake.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return new Engine(loadConfig(options), options);
}
