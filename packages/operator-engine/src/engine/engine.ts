import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/load-config.ts';
import type { Actor } from '../ledger/actor.ts';
import { LedgerLoss } from '../ledger/ledger-loss.ts';
import { Witness } from '../ledger/witness.ts';
import type { SightOptions } from '../doctor/examine-sights.ts';
import type { Finding } from '../doctor/finding.ts';
import type { KnownNames } from '../policy/find-unknown-names.ts';
import { ActingEngine } from './acting-engine.ts';
import { EngineCore } from './engine-core.ts';
import type { LeftRun } from './engine-core.ts';
import type { EngineOptions } from './engine-options.ts';
import { createNamesUntrusted, toActor } from './require-actor.ts';

/** A configuration, its ledger, and the subjects that were opened from it. */
export class Engine extends ActingEngine {
  readonly loss: LedgerLoss;
  readonly #core: EngineCore;

  constructor(config: Config, options: EngineOptions) {
    const core = new EngineCore(config, options);
    super(core, toActor(options.actor));
    this.#core = core;
    this.loss = new LedgerLoss({
      find: async () => (await core.driver()).findLost(new Witness(core.witnessPath)),
      requireOwner: async (lost) => (await core.driver()).requireOwnerOfLost(lost),
      begin: async () => core.beginLedger({ beginAgain: true }),
    });
  }

  /**
   * The engine in the name of another actor, whom the host has authenticated: one engine serves many over one
   * ledger, plugin and connection. Throws `ACTOR_MISSING` unless the engine was opened with a named actor: only
   * then does the host vouch for names.
   */
  as(actor: Actor): ActingEngine {
    if (!this.#core.trustsNames) throw createNamesUntrusted(actor);
    return new ActingEngine(this.#core, actor);
  }

  /**
   * Findings of a doctor about policy, ledger, mode, runs and leases. Makes no ledger. `silent`: subjects that do not
   * answer; their leases are not compared with them.
   */
  async examine(options: SightOptions): Promise<readonly Finding[]> {
    const { examineLedger } = await import('../doctor/examine-ledger.ts');
    return examineLedger(this, options);
  }

  /** Findings about names in the policy that do not exist. */
  async examineNames(known: KnownNames): Promise<readonly Finding[]> {
    const { examineNames } = await import('../doctor/examine-policy.ts');
    return examineNames(this.loadPolicy(), known);
  }

  /**
   * Releases runs that are not over, and closes every subject and the ledger. May be called twice. Returns the state
   * of each run that was in progress without a listener.
   */
  async close(): Promise<readonly LeftRun[]> {
    return this.#core.close();
  }
}

/**
 * Finds and checks the configuration. Throws `CONFIG_NOT_FOUND`, `CONFIG_UNREADABLE` or
 * `CONFIG_INVALID` with every mistake.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return new Engine(loadConfig(options), options);
}
