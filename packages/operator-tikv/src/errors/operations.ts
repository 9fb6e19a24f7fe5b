import type { JsonObject, NextOperation } from 'operator-core';

/** The way to read an observation of this plugin. A parameter that is `null` is for the caller to choose. */
export function observe(observation: string, parameters: JsonObject = {}): NextOperation {
  return { operation: 'observe', observation, parameters };
}

/** The way to run an action of this plugin. */
export function run(action: string, parameters: JsonObject): NextOperation {
  return { operation: 'run', action, parameters };
}

/** The way to look for the effect of an action of this plugin. */
export function verify(action: string, parameters: JsonObject): NextOperation {
  return { operation: 'verify', action, parameters };
}

/** The way to let PD move leaders again. */
export const allowLeaderMoves = run('set_leader_schedule_limit', { limit: 4 });
