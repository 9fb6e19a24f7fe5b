import type { ActionDefinition, ObservationDefinition } from 'operator-core';

/** An action or an observation: something with a name and parameters. */
export type Described = ActionDefinition | ObservationDefinition;
