import { describeObservations } from 'operator-core';
import type { ObservationDefinition, SubjectPlugin } from 'operator-core';

/** The observations of one plugin, by name. Needs no connection. */
export class ObservationRegistry {
  readonly #plugin: SubjectPlugin;
  #definitions: readonly ObservationDefinition[] | null = null;

  constructor(plugin: SubjectPlugin) {
    this.#plugin = plugin;
  }

  /** All definitions, in the plugin's order. */
  getDefinitions(): readonly ObservationDefinition[] {
    this.#definitions ??= describeObservations(this.#plugin.observations);
    return this.#definitions;
  }

  /** The definition of `name`, or `undefined` when there is no such observation. */
  getDefinition(name: string): ObservationDefinition | undefined {
    return this.getDefinitions().find((definition) => definition.name === name);
  }

  /** All names, in the plugin's order. */
  listObservationNames(): readonly string[] {
    return this.getDefinitions().map(({ name }) => name);
  }
}
