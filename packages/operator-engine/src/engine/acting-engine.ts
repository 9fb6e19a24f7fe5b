import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import type { ConfigIssue, Position } from '../config/config-issue.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isAnyWatching } from '../ledger/runners.ts';
import type { RunnerStatus } from '../ledger/runners.ts';
import { nameDefault } from './choose-subject.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { whyOwnersAreUnknown } from '../proofs/owner-keeping.ts';
import type { WatchEvent } from '../runner/watch-event.ts';
import type { GateServices } from '../subject/gate-context.ts';
import type { GatePolicy } from '../subject/gate-policy.ts';
import { chooseSubject } from './choose-subject.ts';
import { EngineApprovals } from './engine-approvals.ts';
import type { EngineCore } from './engine-core.ts';
import { EngineLeases } from './engine-leases.ts';
import { EngineMode } from './engine-mode.ts';
import { EngineRuns } from './engine-runs.ts';
import type { GatedSubject } from './gated-subject.ts';
import { createGatedSubject } from './open-subject.ts';
import type { EngineSubjects, OpenedSubject } from './open-subject.ts';
import { requireActor } from './require-actor.ts';

/** A subject that the configuration names. */
export interface SubjectEntry extends Position {
  readonly name: string;
  /** Package name or path. */
  readonly plugin: string;
  /** Reason that it cannot be opened: unset variables, or an invalid plugin name. */
  readonly issues: readonly ConfigIssue[];
  /** True for the subject that is used when the caller names none. */
  readonly isDefault: boolean;
}

/** Names of the configuration, ledger and subjects of an engine. */
export interface EnginePlace {
  readonly config: string;
  readonly ledger: string;
  readonly subjects: readonly string[];
}

/** The engine for one actor. All actors share the ledger, plugins and connections. */
export class ActingEngine {
  readonly configPath: string;
  /** Folder in which this user's witness of the ledger is kept. */
  readonly witnessPath: string;
  /** The policy's file, or `null`: the approval settings of the actions apply. */
  readonly policyPath: string | null;
  /** The actor, or `null` when the host named none. */
  readonly actor: Actor | null;
  readonly runs: EngineRuns;
  readonly approvals: EngineApprovals;
  readonly leases: EngineLeases;
  readonly mode: EngineMode;
  /** Time of every record. */
  readonly clock: Pick<Clock, 'now' | 'iso'>;
  readonly #core: EngineCore;
  readonly #services: GateServices;
  readonly #subjects: EngineSubjects;

  constructor(core: EngineCore, actor: Actor | null) {
    const { path, policyPath } = core.config;
    this.configPath = path;
    this.policyPath = policyPath;
    this.witnessPath = core.witnessPath;
    this.actor = actor;
    this.#core = core;
    const by = (): Actor => requireActor(actor);
    this.#services = { ...core.services, actor: by };
    const { limits, clock } = this.#services;
    const policy = (): GatePolicy => this.readPolicy();
    this.clock = clock;
    const openLedger = async (): Promise<Ledger> => this.openLedger();
    this.#subjects = { openLedger, open: async (name, signal) => this.#open(name, signal) };
    this.runs = new EngineRuns(this.#subjects, { actor: by, limits });
    this.approvals = new EngineApprovals(this.#subjects, { actor: by, policy });
    this.leases = new EngineLeases(this.#subjects, { actor: by, policy });
    this.mode = new EngineMode(this.#subjects, { actor: by, limits });
  }

  /** The actor. Throws `ACTOR_MISSING`. */
  requireActor(): Actor {
    return requireActor(this.actor);
  }

  /** The subjects of the configuration, in its order. Loads nothing. */
  subjects(): readonly SubjectEntry[] {
    const { config, options } = this.#core;
    const chosen = nameDefault(config, options.env);
    return config.subjects.map(({ name, plugin, issues }) => ({
      name,
      plugin,
      issues,
      ...config.document.positionOf(['subjects', name]),
      isDefault: name === chosen,
    }));
  }

  /**
   * Loads the plugin of a subject and checks its configuration, without connecting. Without a name:
   * `OPERATOR_SUBJECT`, else the only subject. All callers that have it open share its connection.
   */
  async openSubject(
    name?: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<GatedSubject> {
    return (await this.#open(name, options.signal)).subject;
  }

  /** Place of the ledger, for people. It may not exist yet. Throws the errors of loading its driver. */
  async ledgerLocation(): Promise<string> {
    return (await this.#core.driver()).location;
  }

  /**
   * Names by which people recognise the engine: its configuration, ledger and subjects. Loads the driver of the
   * ledger.
   */
  async describePlace(): Promise<EnginePlace> {
    const subjects = this.subjects().map(({ name }) => name);
    return { config: this.configPath, ledger: await this.ledgerLocation(), subjects };
  }

  /** True when the ledger exists. Never creates it. */
  async hasLedger(): Promise<boolean> {
    return (await this.#core.driver()).exists();
  }

  /** Opens the ledger once, and creates it if there is none. Rejects with the error of opening it. */
  async openLedger(): Promise<Ledger> {
    return this.#core.openLedger();
  }

  /**
   * The reason why this process cannot see the owner of a file, so that no consent counts and runs of others do
   * not start here; `null` when it can. Creates nothing.
   */
  async whyOwnersAreUnknown(): Promise<string | null> {
    if (!this.#core.provesByFiles) return null;
    const folder = dirname(await this.ledgerLocation());
    return whyOwnersAreUnknown(existsSync(folder) ? folder : dirname(this.configPath));
  }

  /** The policy’s file as it is now, with its mistakes. Never throws. */
  loadPolicy(): LoadedPolicy {
    return loadPolicy(this.policyPath, this.#core.options.env);
  }

  /** The policy as it is now. Never throws: one that cannot be read denies everything. */
  readPolicy(): GatePolicy {
    return this.#services.policy();
  }

  /** Living runners; those with the role `watch` also end leases. */
  async runners(): Promise<readonly RunnerStatus[]> {
    return (await this.openLedger()).runners.list();
  }

  /** True when a living runner ends leases and starts approved runs. */
  async isWatched(): Promise<boolean> {
    return isAnyWatching(await this.runners());
  }

  /** Watches over leases, abandoned runs and approved ones until the signal ends. */
  async *watch(
    options: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<WatchEvent, void> {
    const { watchRuns } = await import('./run-operations.ts');
    yield* watchRuns({ ...this.#services, subjects: this.#subjects }, options.signal);
  }

  async #open(name: string | undefined, signal: AbortSignal | undefined): Promise<OpenedSubject> {
    const { config, options, subjects } = this.#core;
    const pooled = await subjects.open(chooseSubject(config, name, options.env), signal);
    return createGatedSubject(pooled, this.#services);
  }
}
