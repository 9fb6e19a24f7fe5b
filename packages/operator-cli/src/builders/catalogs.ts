import type { ActionDefinition, ObservationDefinition } from 'operator-core';
import { createCliError } from '../errors/error-codes.ts';
import type { Catalog } from './described-call.ts';

/** The actions of a subject. */
export const ACTIONS: Catalog<ActionDefinition> = {
  noun: 'action',
  list: (subject) => subject.actions.getDefinitions(),
  find: (subject, name) => subject.actions.getDefinition(name),
  refuse: async (subject, name) => {
    await subject.plan(name, {});
    throw neverFound(name);
  },
};

/** The observations of a subject. */
export const OBSERVATIONS: Catalog<ObservationDefinition> = {
  noun: 'observation',
  list: (subject) => subject.observations.getDefinitions(),
  find: (subject, name) => subject.observations.getDefinition(name),
  refuse: async (subject, name) => {
    await subject.observe(name, {});
    throw neverFound(name);
  },
};

function neverFound(name: string): Error {
  return createCliError('INTERNAL_ERROR', {
    message: `The engine knows ${name}, but does not list it.`,
    remedy: 'Report it.',
  });
}
