import type { Action, ActionDefinition, JsonObject } from 'operator-core';
import type { EngineLimits } from '../limits.ts';
import type { LoadedPlugin } from '../plugin/load-plugin.ts';
import type { Connection } from './connection.ts';

/** Everything that the steps of the gate share about one subject. */
export interface GateContext {
  /** The subject's name in the configuration. */
  readonly subjectName: string;
  readonly loaded: LoadedPlugin;
  readonly limits: EngineLimits;
  /** Connects on first use. */
  connect(signal: AbortSignal | undefined): Promise<Connection>;
}

/** An action of the plugin with its validated parameters. */
export interface ActionCall {
  readonly action: Action;
  readonly definition: ActionDefinition;
  readonly parameters: JsonObject;
}
