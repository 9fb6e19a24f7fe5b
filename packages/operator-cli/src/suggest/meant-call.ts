import { nearestNames } from 'operator-core';
import type { ActionDefinition, ObservationDefinition } from 'operator-core';
import type { GatedSubject } from 'operator-engine';
import { freePositionals } from '../arguments/check-arguments.ts';
import { GLOBAL_FLAGS } from '../arguments/flag.ts';
import { readParameters, toParameterFlags } from '../arguments/read-parameters.ts';
import { interpret } from '../arguments/interpret.ts';
import type { Invocation } from '../command/command.ts';
import { formatCall } from '../command/format-call.ts';
import { keepRunFlags, RUN_FLAGS } from '../arguments/run-options.ts';
import { fillParameters } from './fill-parameters.ts';
import type { Suggestion } from '../errors/suggestion.ts';

type Described = Pick<ActionDefinition | ObservationDefinition, 'name' | 'parameters'>;

const MOST = 2;

/** The calls that a word and the arguments behind it may mean: an action, else an observation. */
export function suggestCalls(
  subject: GatedSubject,
  word: string,
  invocation: Invocation,
): readonly Suggestion[] {
  const actions = findMeant(word, subject.actions.getDefinitions());
  const [first] = actions;
  if (first !== undefined && (actions.length === 1 || first.name === word)) {
    return suggestAction(first, invocation);
  }
  if (actions.length > 0) {
    return actions
      .slice(0, MOST)
      .flatMap((action) => suggestAction(action, invocation).slice(0, 1));
  }
  return findMeant(word, subject.observations.getDefinitions())
    .slice(0, MOST)
    .flatMap((one) => suggest(one, invocation, { command: 'observe', purpose: 'reads it' }));
}

/** Running an action with the arguments of this command line, and planning it. */
function suggestAction(action: Described, invocation: Invocation): readonly Suggestion[] {
  return [
    ...suggest(action, invocation, { command: 'run', purpose: 'asks, sends and proves it' }),
    ...suggest(action, invocation, {
      command: 'plan',
      purpose: 'shows the plan and sends nothing',
    }),
  ];
}

/** One command on an action or observation, with the arguments of this command line in their places. */
export function suggest(
  described: Described,
  invocation: Invocation,
  { command, purpose }: Suggestion,
): readonly Suggestion[] {
  const flags = [...GLOBAL_FLAGS, ...RUN_FLAGS, ...toParameterFlags(described.parameters)];
  const scanned = interpret(invocation.tokens, flags);
  const given = readParameters(described.parameters, scanned, null);
  const loose = freePositionals(scanned).filter((text) => text !== described.name);
  const parameters = fillParameters(described.parameters, given.parameters, loose);
  if (parameters === null) return [];
  const call = { definition: described, parameters };
  const rest = command === 'run' ? keepRunFlags(scanned) : [];
  return [{ command: formatCall(invocation, call, { command, rest }), purpose }];
}

/** Finds by the whole name, by one word of it, or by a similar name. */
function findMeant<Named extends Described>(
  word: string,
  named: readonly Named[],
): readonly Named[] {
  const wanted = word.replaceAll('-', '_').toLowerCase();
  const exact = named.filter(({ name }) => name === wanted);
  if (exact.length > 0) return exact;
  const byWord = named.filter(({ name }) => name.split('_').includes(wanted));
  if (byWord.length > 0) return byWord;
  const names = nearestNames(
    word,
    named.map(({ name }) => name),
  );
  return named.filter(({ name }) => names.includes(name));
}
