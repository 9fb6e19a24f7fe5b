import type { Action, ActionDefinition, ActionRegistry, JsonObject } from 'operator-core';
import type { Clock } from '../clock/clock.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { DetachedRuns } from '../events/detached-runs.ts';
import type { LoadedPlugin } from '../plugin/load-plugin.ts';
import type { RunnerSessions } from '../ledger/runner-session.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { PlanSecrets } from '../secrets/plan-secrets.ts';
import type { SecretValues } from '../secrets/secret-values.ts';
import type { Connection } from './connection.ts';
import type { GatePolicy } from './gate-policy.ts';

/** Dependencies shared by all subjects of an engine. */
export interface GateServices {
  readonly limits: EngineLimits;
  readonly sessions: RunnerSessions;
  /** Runs that go on without a listener. */
  readonly detached: DetachedRuns;
  /** Time of every record. Goes by the ledger once that is open. */
  readonly clock: Clock;
  /** The actor, from the environment of the host. Throws `ACTOR_MISSING`. */
  actor(): Actor;
  /** True when there is a ledger. Reading creates none. */
  hasLedger(): Promise<boolean>;
  /** Opens the ledger on first use. */
  openLedger(): Promise<Ledger>;
  /** The policy as it is now. */
  policy(): GatePolicy;
}

/** Everything that the steps of the gate share about one subject. */
export interface GateContext {
  /** The subject's name in the configuration. */
  readonly subjectName: string;
  readonly loaded: LoadedPlugin;
  readonly limits: EngineLimits;
  readonly actions: ActionRegistry;
  readonly services: GateServices;
  /** Secrets to mask in traces and errors. */
  readonly secrets: KnownSecrets;
  /** The secret parameters of plans, which the plans themselves do not hold. */
  readonly planSecrets: PlanSecrets;
  /** Connects on first use. */
  connect(signal: AbortSignal | undefined): Promise<Connection>;
}

/** An action of the plugin with its validated parameters. */
export interface ActionCall {
  readonly action: Action;
  readonly definition: ActionDefinition;
  /** Secret ones included, except those in `missingSecrets`. */
  readonly parameters: JsonObject;
  readonly secrets: SecretValues;
  /** Secret parameters of a recorded plan that this process does not know: a stand-in is in their place. */
  readonly missingSecrets: readonly string[];
}
